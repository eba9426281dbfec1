package dev.runhook.outbound.http;

import java.net.CookieHandler;
import java.net.ProtocolException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// Refuses an answer whose `Content-Length` is no length, while the client can still close its
/// connection. Where the client stumbles over it by itself, after this, it leaves the socket open
/// until the receiver pleases to close it.
///
/// It is a cookie handler because that is the one place where a client lets others see the headers
/// before it reads them. It keeps no cookies.
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
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
