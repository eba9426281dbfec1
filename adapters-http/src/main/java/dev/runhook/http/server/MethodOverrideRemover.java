package dev.runhook.http.server;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Removes `X-HTTP-Method-Override`, with which Javalin would route a GET as a DELETE. Javalin has
/// no setting that prevents this.
final class MethodOverrideRemover extends Handler.Wrapper {
  private static final String HEADER = "X-HTTP-Method-Override";

  MethodOverrideRemover(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!request.getHeaders().contains(HEADER)) {
      return super.handle(request, response, callback);
    }
    HttpFields headers = HttpFields.build(request.getHeaders()).remove(HEADER).asImmutable();
    return super.handle(
        new Request.Wrapper(request) {
          @Override
          public HttpFields getHeaders() {
            return headers;
          }
        },
        response,
        callback);
  }
}
