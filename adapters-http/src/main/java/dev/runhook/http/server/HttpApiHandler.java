package dev.runhook.http.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;

/// An [HttpApi] in the JDK's `HttpServer`. The path of the context is the prefix:
///
/// ```java
/// server.createContext("/runhook", new HttpApiHandler(web.servlet()));
/// ```
///
/// Each exchange has a virtual thread of its own, so event streams do not occupy the threads of the
/// server, which has only one by default. Filters of the context are called before, and do not wait
/// for the response. A client that takes longer than 30 seconds to send a body, or to receive 16
/// KiB of a response, is disconnected.
public final class HttpApiHandler implements HttpHandler {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final HttpApiServlet servlet;
  private final Duration deadline;

  public HttpApiHandler(HttpApiServlet servlet) {
    this(servlet, DEADLINE);
  }

  HttpApiHandler(HttpApiServlet servlet, Duration deadline) {
    this.servlet = servlet;
    this.deadline = deadline;
  }

  @Override
  public void handle(HttpExchange exchange) {
    Thread.ofVirtual().name("runhook-exchange").start(() -> serve(exchange));
  }

  private void serve(HttpExchange exchange) {
    String context = exchange.getHttpContext().getPath();
    String base = context.endsWith("/") ? context.substring(0, context.length() - 1) : context;
    ExchangeResponse response = new ExchangeResponse(exchange, deadline);
    try {
      ExchangeRequest request = new ExchangeRequest(exchange, base, deadline);
      String path = request.getRequestURI();
      if (path.equals(base) || path.startsWith(base + "/")) {
        servlet.service(request, response);
      } else {
        response.setStatus(404); // a context is for all paths that begin with its own
      }
      response.complete();
    } catch (IOException ignored) {
      // the client has disconnected
    } finally {
      response.closeExchange();
    }
  }
}
