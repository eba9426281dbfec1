package dev.runhook.bootstrap.setting;

import dev.runhook.outbound.SensitiveUrl;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The connection to an external PostgreSQL server.
///
/// @param jdbcUrl without user and password
public record DatabaseSettings(String jdbcUrl, Optional<String> user, Optional<String> password) {
  private static final String JDBC = "jdbc:";

  /// Connects without a user and password, or with those in the URL.
  public DatabaseSettings(String jdbcUrl) {
    this(jdbcUrl, Optional.empty(), Optional.empty());
  }

  /// Parses `jdbc:postgresql://host:port/db?…` or `postgresql://user:password@host:port/db?…`. The
  /// separate user and password override those in the URL.
  ///
  /// @throws IllegalArgumentException if the URL is invalid; the message does not quote it
  static DatabaseSettings parse(String url, Optional<String> user, Optional<String> password) {
    if (url.startsWith("jdbc:postgresql:")) {
      SensitiveUrl.parse(url.substring(JDBC.length()));
      return new DatabaseSettings(url, user, password);
    }
    if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
      throw new IllegalArgumentException(
          "must be jdbc:postgresql://host/database or postgresql://user:password@host/database");
    }
    URI uri = SensitiveUrl.parse(url);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("has no host");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String jdbcUrl = JDBC + "postgresql://" + uri.getHost() + port + uri.getRawPath() + query;
    return new DatabaseSettings(
        jdbcUrl, user.or(() -> userInfo(uri, 0)), password.or(() -> userInfo(uri, 1)));
  }

  /// Returns the host, or an empty string if the URL has none.
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

  /// Returns the URL without the password.
  @Override
  public String toString() {
    return Setting.redactUrl(jdbcUrl);
  }
}
