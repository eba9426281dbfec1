package dev.runhook.http.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;

/// Hosts with pages of their own, and the API below `/hooks`.
enum HostKind implements TestHost {
  JAVALIN {
    @Override
    public Running start(HttpApi api, Consumer<String> routes) {
      return TestHost.javalin(config -> {
        config.routes.get("/", context -> context.result("home of the host"));
        config.routes.get("/health", context -> context.result("health of the host"));
        config.routes.get(
            "/bug",
            ignored -> {
              throw new IllegalStateException("handled by the host");
            });
        config.routes.exception(
            IllegalStateException.class,
            (e, context) -> context.status(418).result(String.valueOf(e.getMessage())));
        config.routes.error(404, context -> context.result("not mine"));
        api.servlet(EnumSet.allOf(HttpPart.class)).mount(config.routes, PREFIX);
      });
    }
  },

  /// Uses the default executor, which is the thread that also accepts connections.
  HTTP_SERVER {
    @Override
    public Running start(HttpApi api, Consumer<String> routes) {
      return httpServer(api, Duration.ofSeconds(30));
    }
  };

  static final String PREFIX = "/hooks";

  /// @param deadline the time for a client to send a body or to receive a part of a response
  static Running httpServer(HttpApi api, Duration deadline) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", HostKind::serveOwnPage);
      HttpApiServlet servlet = api.servlet(EnumSet.allOf(HttpPart.class));
      server.createContext(PREFIX, new HttpApiHandler(servlet, deadline));
      server.start();
      return new Running(server.getAddress().getPort(), () -> server.stop(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serveOwnPage(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/" -> respond(exchange, 200, "home of the host");
      case "/health" -> respond(exchange, 200, "health of the host");
      case "/bug" -> respond(exchange, 418, "handled by the host");
      default -> respond(exchange, 404, "not mine");
    }
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
