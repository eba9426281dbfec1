package dev.runhook.bootstrap.setting;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How to reach a PostgreSQL server of the operator's.
///
/// @param jdbcUrl without user and password
public record DatabaseSettings(String jdbcUrl, Optional<String> user, Optional<String> password) {
  private static final String JDBC = "jdbc:";

  /// Reads `jdbc:postgresql://host:port/db?…` or `postgresql://user:password@host:port/db?…`; user
  /// and password given besides win over those in the URL.
  static DatabaseSettings parse(String url, Optional<String> user, Optional<String> password) {
    if (url.startsWith("jdbc:postgresql:")) {
      parsed(url.substring(JDBC.length()));
      return new DatabaseSettings(url, user, password);
    }
    if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
      throw new IllegalArgumentException(
          "must be jdbc:postgresql://host/database or postgresql://user:password@host/database");
    }
    URI uri = parsed(url);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("names no host");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String jdbcUrl = JDBC + "postgresql://" + uri.getHost() + port + uri.getRawPath() + query;
    return new DatabaseSettings(
        jdbcUrl, user.or(() -> userInfo(uri, 0)), password.or(() -> userInfo(uri, 1)));
  }

  private static URI parsed(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) { // its message quotes the URL, which may hold a password
      throw new IllegalArgumentException(
          "is no URL: " + e.getReason() + "; percent-encode what is special in it");
    }
  }

  /// The host to be looked up; empty where the URL leaves it out.
  public String host() {
    String host = URI.create(jdbcUrl.substring(JDBC.length())).getHost();
    return host == null ? "" : host;
  }

  private static Optional<String> userInfo(URI uri, int part) {
    return Optional.ofNullable(uri.getRawUserInfo())
        .map(info -> info.split(":", 2))
        .filter(parts -> parts.length > part)
        .map(parts -> URLDecoder.decode(parts[part].replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  /// Without the password.
  @Override
  public String toString() {
    return Redaction.url(jdbcUrl);
  }
}
