package dev.runhook.outbound;

import java.net.URI;
import java.net.URISyntaxException;

/// Parses URLs that may contain a password. The errors never quote the URL.
public final class SensitiveUrl {
  private SensitiveUrl() {}

  /// @throws IllegalArgumentException if the URL is invalid; the message follows the name of a
  ///   setting
  public static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) { // its message quotes the URL
      throw new IllegalArgumentException(
          "is not a valid URL: " + e.getReason() + "; percent-encode special characters");
    }
  }
}
