package dev.runhook.http.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.servlet.JavalinServlet;
import io.javalin.http.servlet.JavalinServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.function.Consumer;

/// An [HttpApi] inside a host, below any prefix. Register it in a servlet container for a prefix
/// and everything below it, such as `/runhook/*`, or [#mount] it in the host's Javalin. It handles
/// the paths below the prefix, with their errors, and changes nothing else in its host.
///
/// The routes are those of a server. Only the context path differs: it ends with the prefix.
public final class HttpApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.HEAD,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE,
          HandlerType.OPTIONS);

  private final transient JavalinServlet routes;

  /// @param api configures a Javalin and adds the routes
  HttpApiServlet(Consumer<JavalinConfig> api) {
    Javalin javalin =
        Javalin.create(config -> {
          config.startup.startupWatcherEnabled = false; // nothing starts this Javalin
          api.accept(config);
        });
    // Javalin's own servlet would need Jetty's WebSockets
    this.routes = new JavalinServlet(javalin.unsafe);
  }

  /// Adds a route for each path below a prefix to the host's Javalin. Its `before` handlers and its
  /// request logger are called as for other routes, its `after` and error handlers are not.
  ///
  /// @param prefix such as `/runhook`
  public void mount(RoutesConfig host, String prefix) {
    Handler handler =
        context -> {
          serve(context.contextPath() + prefix, context.req(), context.res());
          context.skipRemainingHandlers();
        };
    for (HandlerType method : METHODS) {
      host.addHttpHandler(method, prefix, handler);
      host.addHttpHandler(method, prefix + "/<path>", handler);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    serve(request.getContextPath() + request.getServletPath(), request, response);
  }

  private void serve(String base, HttpServletRequest request, HttpServletResponse response) {
    if (request.getRequestURI().equals(base) && !base.isEmpty()) {
      // the links of the web UI are relative to the directory
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", base.substring(base.lastIndexOf('/') + 1) + "/");
    } else {
      routes.handle(new JavalinServletRequest(new PrefixedRequest(request, base)), response);
    }
  }

  /// Lets the routes below a prefix see the paths that follow it.
  private static final class PrefixedRequest extends HttpServletRequestWrapper {
    private final String base;

    PrefixedRequest(HttpServletRequest request, String base) {
      super(request);
      this.base = base;
    }

    @Override
    public String getContextPath() {
      return base;
    }
  }
}
