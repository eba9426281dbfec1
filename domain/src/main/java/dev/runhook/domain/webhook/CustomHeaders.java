package dev.runhook.domain.webhook;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Headers that a person wants sent with every delivery, such as a receiver's API key: at most 20,
/// values of visible ASCII and spaces up to 4096 characters. What frames the message or is ours to
/// say is refused: a second `Transfer-Encoding` would let a request be smuggled.
///
/// Those that cannot be had, because they are kept encrypted and nothing opens them, say so when
/// they are needed, by a [SecretDecryptionException].
public final class CustomHeaders {
  private static final int MOST = 20;
  private static final int LONGEST_VALUE = 4096;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "expect",
          "date",
          "via",
          "http2-settings",
          "user-agent",
          "traceparent",
          "tracestate",
          "x-signature",
          "x-signature-256");
  private static final List<String> RESERVED_PREFIXES =
      List.of("content-", "proxy-", "webhook-", "x-runhook-");

  private final List<Header> headers;
  private final Optional<String> decryptionError;

  public CustomHeaders(List<Header> headers) {
    this(checked(List.copyOf(headers)), Optional.empty());
  }

  private CustomHeaders(List<Header> headers, Optional<String> whyUnreadable) {
    this.headers = headers;
    this.decryptionError = whyUnreadable;
  }

  private static List<Header> checked(List<Header> headers) {
    if (headers.size() > MOST) {
      throw new IllegalArgumentException(
          "a webhook has at most " + MOST + " headers, not " + headers.size());
    }
    Set<String> seen = new HashSet<>();
    for (Header header : headers) {
      check(header);
      if (!seen.add(header.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("the header \"" + header.name() + "\" is there twice");
      }
    }
    return headers;
  }

  /// Some that cannot be had.
  ///
  /// @param why a sentence for people
  public static CustomHeaders undecryptable(String why) {
    return new CustomHeaders(List.of(), Optional.of(why));
  }

  public List<Header> headers() {
    if (decryptionError.isPresent()) {
      throw new SecretDecryptionException(decryptionError.get());
    }
    return headers;
  }

  public boolean isDecrypted() {
    return decryptionError.isEmpty();
  }

  /// Why they cannot be had, a sentence for people; absent where they can.
  public Optional<String> decryptionError() {
    return decryptionError;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CustomHeaders custom
        && custom.headers.equals(headers)
        && custom.decryptionError.equals(decryptionError);
  }

  @Override
  public int hashCode() {
    return 31 * headers.hashCode() + decryptionError.hashCode();
  }

  /// Without the values.
  @Override
  public String toString() {
    return decryptionError.orElse(headers.toString());
  }

  public static CustomHeaders none() {
    return new CustomHeaders(List.of());
  }

  private static void check(Header header) {
    if (!TOKEN.matcher(header.name()).matches()) {
      throw new IllegalArgumentException("\"" + header.name() + "\" is no name of a header");
    }
    String name = header.name().toLowerCase(Locale.ROOT);
    if (RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
      throw new IllegalArgumentException(
          "the header \"" + header.name() + "\" is not yours to set");
    }
    if (header.value().length() > LONGEST_VALUE || !VALUE.matcher(header.value()).matches()) {
      throw new IllegalArgumentException(
          "the value of the header \""
              + header.name()
              + "\" must be visible ASCII, at most "
              + LONGEST_VALUE
              + " characters");
    }
  }
}
