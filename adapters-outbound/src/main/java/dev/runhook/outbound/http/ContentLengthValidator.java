package dev.runhook.outbound.http;

import java.net.CookieHandler;
import java.net.ProtocolException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// Rejects a response with an invalid `Content-Length` while the client can still close the
/// connection. If the client finds the error itself, it leaves the socket open until the receiver
/// closes it.
///
/// This is a cookie handler because that is the only hook that sees the headers before the client
/// reads the body. It stores no cookies.
final class ContentLengthValidator extends CookieHandler {
  @Override
  public Map<String, List<String>> get(URI uri, Map<String, List<String>> requestHeaders) {
    return Map.of();
  }

  @Override
  public void put(URI uri, Map<String, List<String>> responseHeaders) throws ProtocolException {
    for (String length : responseHeaders.getOrDefault("Content-Length", List.of())) {
      if (!isLength(length)) {
        throw new ProtocolException("Content-Length is \"" + length + "\"");
      }
    }
  }

  private static boolean isLength(String text) {
    try {
      return Long.parseLong(text) >= 0;
    } catch (NumberFormatException ignored) {
      return false;
    }
  }
}
