package dev.runhook.diagnosis;

import static dev.runhook.diagnosis.SignatureHeader.STANDARD;

import dev.runhook.diagnosis.SignatureHeader.Algorithm;
import dev.runhook.diagnosis.SignatureMistake.Kind;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A signature header, parsed as leniently as possible.
///
/// @param signatures one signature, or several for `webhook-signature`
record ParsedSignatureHeader(SignatureHeader header, List<Signature> signatures) {
  private static final int MAX_SIGNATURES = 8;
  private static final Pattern NAME_AND_VALUE =
      Pattern.compile("(?is)(?:x-(?:hub-)?signature(-256)?|(webhook-signature))\\s*:\\s*(.*)");
  private static final Pattern PREFIX = Pattern.compile("(?i)sha1=|sha256=|sha512=|v1,");
  private static final Pattern QUOTED = Pattern.compile("(?s)([\"'])(.*)\\1");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
  private static final byte[] EMPTY = {};

  /// @param hasMessageHeaders whether the request's id and timestamp are known, as for
  ///   `webhook-signature`
  static ParsedSignatureHeader parse(String text, boolean hasMessageHeaders) {
    Matcher named = NAME_AND_VALUE.matcher(text.strip());
    boolean hasName = named.matches();
    String value = hasName ? named.group(3).strip() : text.strip();
    SignatureHeader header = hasName ? byName(named) : byFormat(unquoted(value), hasMessageHeaders);
    String[] parts = header == STANDARD ? value.split("\\s+") : new String[] {value};
    return new ParsedSignatureHeader(
        header,
        Arrays.stream(parts)
            .limit(MAX_SIGNATURES)
            .map(part -> Signature.parse(part, header))
            .toList());
  }

  private static SignatureHeader byName(Matcher named) {
    if (named.group(2) != null) {
      return STANDARD;
    }
    return named.group(1) != null ? SignatureHeader.SHA256 : SignatureHeader.SHA1;
  }

  private static SignatureHeader byFormat(String value, boolean hasMessageHeaders) {
    String lower = value.toLowerCase(Locale.ROOT);
    for (SignatureHeader header : SignatureHeader.values()) {
      if (lower.startsWith(header.prefix)) {
        return header;
      }
    }
    boolean hex = HEX.matcher(value).matches();
    if (hex && value.length() == 2 * Algorithm.SHA1.length) {
      return SignatureHeader.SHA1;
    }
    return hasMessageHeaders && !hex ? STANDARD : SignatureHeader.SHA256;
  }

  /// Returns the format errors if the header has only one signature.
  List<SignatureMistake> formatErrors() {
    return signatures.size() == 1 ? signatures.getFirst().formatErrors : List.of();
  }

  static String unquoted(String value) {
    Matcher quoted = QUOTED.matcher(value);
    return quoted.matches() ? quoted.group(2) : value;
  }

  /// Decodes both base64 alphabets, with or without padding. The result is empty if the input is
  /// not base64.
  static byte[] decodeBase64(String text) {
    try {
      return Base64.getDecoder()
          .decode(text.replace('-', '+').replace('_', '/').replaceAll("=+$", ""));
    } catch (IllegalArgumentException ignored) {
      return EMPTY;
    }
  }

  /// One signature of a header: its bytes, if it has any, and its format errors.
  static final class Signature {
    final List<SignatureMistake> formatErrors;
    private final byte[] mac;

    private Signature(byte[] mac, List<SignatureMistake> formatErrors) {
      this.mac = mac;
      this.formatErrors = List.copyOf(formatErrors);
    }

    private static Signature parse(String text, SignatureHeader header) {
      List<SignatureMistake> errors = new ArrayList<>();
      String value = unquoted(text);
      if (!value.equals(text)) {
        errors.add(SignatureMistake.of(Kind.SIGNATURE_QUOTED));
      }
      Matcher prefixed = PREFIX.matcher(value);
      String prefix = prefixed.lookingAt() ? prefixed.group() : "";
      String digits = value.substring(prefix.length()).strip();
      byte[] mac = decode(digits);
      Optional<Algorithm> algorithm = Algorithm.ofLength(mac.length);
      if (algorithm.isEmpty()) {
        errors.add(notASignature(digits, header));
        return new Signature(EMPTY, errors);
      }
      encodingError(digits, header).map(SignatureMistake::of).ifPresent(errors::add);
      Algorithm used = algorithm.get();
      if (used != header.algorithm) {
        errors.add(new SignatureMistake(Kind.WRONG_ALGORITHM, used.displayName()));
      }
      // A signature in the wrong header counts as one mistake, not as two.
      if (used == header.algorithm || !prefix.equalsIgnoreCase(used.prefix())) {
        prefixError(prefix, header).ifPresent(errors::add);
      }
      return new Signature(mac, errors);
    }

    private static byte[] decode(String digits) {
      if (HEX.matcher(digits).matches()
          && digits.length() % 2 == 0
          && Algorithm.ofLength(digits.length() / 2).isPresent()) {
        return HexFormat.of().parseHex(digits);
      }
      return BASE64.matcher(digits).matches() ? decodeBase64(digits) : EMPTY;
    }

    /// Describes how the given value differs from a signature of this header.
    private static SignatureMistake notASignature(String digits, SignatureHeader header) {
      return new SignatureMistake(
          Kind.NOT_A_SIGNATURE,
          "%d %s instead of %s"
              .formatted(
                  digits.length(),
                  HEX.matcher(digits).matches() ? "hex digits" : "characters",
                  header == STANDARD
                      ? "44 base64 characters"
                      : 2 * header.algorithm.length + " hex digits"));
    }

    private static Optional<Kind> encodingError(String digits, SignatureHeader header) {
      boolean hex = HEX.matcher(digits).matches();
      if (hex && header == STANDARD) {
        return Optional.of(Kind.HEX_INSTEAD_OF_BASE64);
      }
      if (hex) {
        boolean lowercase = digits.equals(digits.toLowerCase(Locale.ROOT));
        return lowercase ? Optional.empty() : Optional.of(Kind.HEX_NOT_LOWERCASE);
      }
      if (header != STANDARD) {
        return Optional.of(Kind.BASE64_INSTEAD_OF_HEX);
      }
      boolean standard = digits.length() % 4 == 0 && !digits.contains("-") && !digits.contains("_");
      return standard ? Optional.empty() : Optional.of(Kind.NON_STANDARD_BASE64);
    }

    private static Optional<SignatureMistake> prefixError(String prefix, SignatureHeader header) {
      if (prefix.equals(header.prefix)) {
        return Optional.empty();
      }
      if (prefix.isEmpty()) {
        return Optional.of(new SignatureMistake(Kind.PREFIX_MISSING, header.prefix));
      }
      return Optional.of(
          prefix.equalsIgnoreCase(header.prefix)
              ? SignatureMistake.of(Kind.PREFIX_NOT_LOWERCASE)
              : new SignatureMistake(Kind.WRONG_PREFIX, prefix));
    }

    Optional<Algorithm> algorithm() {
      return Algorithm.ofLength(mac.length);
    }

    /// Compares the signatures in constant time.
    boolean matches(byte[] other) {
      return MessageDigest.isEqual(mac, other);
    }
  }
}
