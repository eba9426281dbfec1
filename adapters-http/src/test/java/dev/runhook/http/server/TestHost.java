package dev.runhook.http.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.function.Consumer;

/// Starts a server on loopback that contains the API.
@FunctionalInterface
interface TestHost {
  /// @param routes receives each route of a Javalin
  Running start(HttpApi api, Consumer<String> routes);

  /// A server that has started.
  record Running(int port, Runnable stop) {}

  static Running javalin(Consumer<JavalinConfig> configuration) {
    Javalin javalin =
        Javalin.create(config -> {
          config.jetty.host = "127.0.0.1";
          configuration.accept(config);
        });
    javalin.start(0);
    return new Running(javalin.port(), javalin::stop);
  }
}
