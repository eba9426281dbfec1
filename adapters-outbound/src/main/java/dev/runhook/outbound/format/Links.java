package dev.runhook.outbound.format;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// The URLs in messages.
final class Links {
  private Links() {}

  /// Returns a URL from a reporter if it is safe as a link. User info can look like another host.
  static Optional<String> safe(String url) {
    try {
      URI uri = new URI(url);
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      return web && uri.getHost() != null && uri.getRawUserInfo() == null
          ? Optional.of(uri.toASCIIString())
          : Optional.empty();
    } catch (URISyntaxException ignored) {
      return Optional.empty();
    }
  }
}
