package dev.runhook.domain.webhook;

import dev.runhook.domain.egress.EgressPolicy;
import java.net.URI;
import java.util.Locale;

/// A URL judged fit to be called. Two endpoints are equal when their normal forms are: scheme and
/// host in lower case, the default port left out, an empty path as `/`, percent-encodings in upper
/// case.
public final class Endpoint {
  private final URI uri;
  private final String text;

  private Endpoint(URI uri) {
    this.uri = uri;
    this.text = uri.toString();
  }

  /// Judges what a person typed.
  public static EndpointCheck check(String text, EgressPolicy policy) {
    return new EndpointValidator(policy).check(text);
  }

  /// An endpoint that was judged when it was stored.
  public static Endpoint ofStored(String text) {
    return new Endpoint(URI.create(text));
  }

  public URI uri() {
    return uri;
  }

  /// As the person typed it.
  public String text() {
    return text;
  }

  /// By which it is unique on its stack. Made anew each time: endpoints are read with every batch
  /// of reports, and compared only when people edit them.
  public String normalized() {
    return normalFormOf(uri);
  }

  /// Without the query, which may hold a credential: fit for logs.
  public String withoutQuery() {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static String normalFormOf(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : upperCaseEscapes(uri.getRawPath());
    String query = uri.getRawQuery() == null ? "" : "?" + upperCaseEscapes(uri.getRawQuery());
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path + query;
  }

  private static String upperCaseEscapes(String text) {
    StringBuilder result = new StringBuilder(text);
    for (int i = result.indexOf("%");
        i >= 0 && i + 2 < result.length();
        i = result.indexOf("%", i + 1)) {
      result.replace(i, i + 3, result.substring(i, i + 3).toUpperCase(Locale.ROOT));
    }
    return result.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Endpoint endpoint && endpoint.normalized().equals(normalized());
  }

  @Override
  public int hashCode() {
    return normalized().hashCode();
  }

  /// Without the query.
  @Override
  public String toString() {
    return withoutQuery();
  }
}
