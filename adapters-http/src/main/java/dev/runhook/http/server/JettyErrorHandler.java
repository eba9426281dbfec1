package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.RequestId;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Returns a problem document when Jetty rejects a request before it reaches a route: invalid HTTP,
/// a path or header that is too long, or a request during shutdown. The connection is then closed.
final class JettyErrorHandler extends ErrorHandler {
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    ApiResponse.COMMON_HEADERS.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response
        .getHeaders()
        .put(RequestId.HEADER, RequestId.of(request.getHeaders().get(RequestId.HEADER)))
        // Jetty cannot tell where the next request begins, or is stopping
        .put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    Content.Sink.write(response, true, Json.write(Problem.ofStatus(code)), callback);
  }
}
