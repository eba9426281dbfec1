package dev.runhook.domain.webhook;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Headers that a user adds to every delivery, such as a receiver's API key. A webhook has at most
/// 20. Values are visible ASCII and spaces, at most 4096 characters. Headers that frame the message
/// or that Runhook sets are refused: a second `Transfer-Encoding`, for example, would allow request
/// smuggling.
///
/// Responses show [#masked] values. If the stored headers cannot be decrypted, reading them throws
/// a [SecretDecryptionException].
public final class CustomHeaders {
  private static final String MASK = "***";
  private static final int MAX_HEADERS = 20;
  private static final int MAX_VALUE = 4096;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");
  private static final Set<String> RESERVED =
      Set.of(
          ("connection keep-alive te trailer transfer-encoding upgrade host expect date via"
                  + " http2-settings user-agent traceparent tracestate x-signature x-signature-256")
              .split(" "));
  private static final List<String> RESERVED_PREFIXES =
      List.of("content-", "proxy-", "webhook-", "x-runhook-");

  private final List<Header> headers;
  private final Optional<String> decryptionError;

  public CustomHeaders(List<Header> headers) {
    this(List.copyOf(headers), Optional.empty());
    if (headers.size() > MAX_HEADERS) {
      throw new IllegalArgumentException(
          "a webhook has at most " + MAX_HEADERS + " headers, not " + headers.size());
    }
    Set<String> seen = new HashSet<>();
    for (Header header : this.headers) {
      check(header);
      if (!seen.add(header.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("the header \"" + header.name() + "\" is given twice");
      }
    }
  }

  private CustomHeaders(List<Header> headers, Optional<String> decryptionError) {
    this.headers = headers;
    this.decryptionError = decryptionError;
  }

  /// Creates a placeholder for headers that cannot be decrypted.
  ///
  /// @param error a sentence that explains the cause to users
  public static CustomHeaders undecryptable(String error) {
    return new CustomHeaders(List.of(), Optional.of(error));
  }

  public List<Header> headers() {
    if (decryptionError.isPresent()) {
      throw new SecretDecryptionException(decryptionError.get());
    }
    return headers;
  }

  /// Returns the number of characters of all names and values; 0 if they cannot be decrypted.
  public int length() {
    return headers.stream()
        .mapToInt(header -> header.name().length() + header.value().length())
        .sum();
  }

  /// Returns the headers with a mask in place of each value, for users.
  public List<Header> masked() {
    return headers().stream().map(header -> new Header(header.name(), MASK)).toList();
  }

  public boolean isDecrypted() {
    return decryptionError.isEmpty();
  }

  /// Returns why the headers cannot be decrypted, or nothing if they can.
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

  /// Returns the headers without their values.
  @Override
  public String toString() {
    return decryptionError.orElse(headers.toString());
  }

  public static CustomHeaders none() {
    return new CustomHeaders(List.of());
  }

  private static void check(Header header) {
    if (!TOKEN.matcher(header.name()).matches()) {
      throw new IllegalArgumentException("\"" + header.name() + "\" is not a valid header name");
    }
    String name = header.name().toLowerCase(Locale.ROOT);
    if (RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
      throw new IllegalArgumentException("the header \"" + header.name() + "\" is reserved");
    }
    if (header.value().equals(MASK)) {
      throw new IllegalArgumentException(
          "\"%s\" stands for the stored value of the header \"%s\"; send null to keep that value"
              .formatted(MASK, header.name()));
    }
    if (header.value().length() > MAX_VALUE || !VALUE.matcher(header.value()).matches()) {
      throw new IllegalArgumentException(
          "the value of the header \"%s\" must be visible ASCII, at most %s characters"
              .formatted(header.name(), MAX_VALUE));
    }
  }
}
