package dev.runhook.domain.webhook;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/// A URL that passed the check of [EndpointValidator]. Endpoints are equal if their normalized
/// forms are: scheme and host in lowercase, no default port, `/` for an empty path,
/// percent-encodings in uppercase.
public final class Endpoint {
  private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");

  private final URI uri;
  private final String text;

  private Endpoint(URI uri) {
    this.uri = uri;
    this.text = uri.toString();
  }

  /// Creates an endpoint that was checked before it was stored.
  public static Endpoint ofStored(String text) {
    return new Endpoint(URI.create(text));
  }

  public URI uri() {
    return uri;
  }

  public boolean isTls() {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  /// Returns the URL as the user entered it.
  public String text() {
    return text;
  }

  /// Returns the normalized URL, which is unique on a stack. It is computed on each call: endpoints
  /// are read with every batch of transitions, but compared only when users edit them.
  public String normalized() {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int defaultPort = scheme.equals("https") ? 443 : 80;
    String port = uri.getPort() < 0 || uri.getPort() == defaultPort ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : upperCaseEscapes(uri.getRawPath());
    String query = uri.getRawQuery() == null ? "" : "?" + upperCaseEscapes(uri.getRawQuery());
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path + query;
  }

  private static String upperCaseEscapes(String text) {
    return ESCAPE.matcher(text).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
  }

  /// Returns the URL without its query, which may contain a credential. Use this form in logs.
  public String withoutQuery() {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  /// Returns the scheme, the host and the port, without the path and the query, which may contain
  /// credentials.
  public String origin() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Endpoint endpoint && endpoint.normalized().equals(normalized());
  }

  @Override
  public int hashCode() {
    return normalized().hashCode();
  }

  @Override
  public String toString() {
    return withoutQuery();
  }
}
