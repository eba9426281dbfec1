package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One signature of a header: its bytes, if it has any, and its format errors.
final class ParsedSignature {
  private static final Pattern PREFIX_AND_DIGITS =
      Pattern.compile("((?:(?i)sha1=|sha256=|sha512=|v1,)?)(.*)", Pattern.DOTALL);
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
  private static final Pattern UPPERCASE = Pattern.compile(".*[A-F].*");
  private static final byte[] EMPTY = {};

  private final byte[] mac;
  private final List<SignatureMistake> formatErrors;

  private ParsedSignature(byte[] mac, List<SignatureMistake> errors) {
    this.mac = mac;
    this.formatErrors = List.copyOf(errors);
  }

  static ParsedSignature parse(String text, SignatureHeader header) {
    List<SignatureMistake> errors = new ArrayList<>();
    String value = ParsedSignatureHeader.unquoted(text);
    if (!value.equals(text)) {
      errors.add(SignatureMistake.of(Kind.SIGNATURE_QUOTED));
    }
    Matcher parts = PREFIX_AND_DIGITS.matcher(value);
    boolean hasParts = parts.matches();
    String prefix = hasParts ? parts.group(1) : "";
    String digits = hasParts ? parts.group(2).strip() : value;
    byte[] mac = decode(digits);
    Optional<HashAlgorithm> algorithm = HashAlgorithm.ofLength(mac.length);
    if (algorithm.isEmpty()) {
      boolean hex = HEX.matcher(digits).matches();
      errors.add(SignatureMistake.notASignature(digits.length(), hex, header));
      return new ParsedSignature(EMPTY, errors);
    }
    errors.addAll(encodingErrors(digits, header));
    HashAlgorithm used = algorithm.get();
    if (used != header.algorithm()) {
      errors.add(new SignatureMistake(Kind.WRONG_ALGORITHM, used.displayName()));
    }
    // One header's signature in another header is one mistake, not two.
    boolean ofAnotherHeader = used != header.algorithm() && isPrefixOf(prefix, used);
    if (!ofAnotherHeader) {
      ParsedSignatureHeader.prefixError(prefix, header).ifPresent(errors::add);
    }
    return new ParsedSignature(mac, errors);
  }

  Optional<HashAlgorithm> algorithm() {
    return HashAlgorithm.ofLength(mac.length);
  }

  List<SignatureMistake> formatErrors() {
    return formatErrors;
  }

  /// Compares the signatures in constant time.
  boolean matches(byte[] other) {
    return MessageDigest.isEqual(mac, other);
  }

  private static boolean isPrefixOf(String prefix, HashAlgorithm algorithm) {
    return prefix
        .toLowerCase(Locale.ROOT)
        .equals(algorithm.displayName().toLowerCase(Locale.ROOT).replace("-", "") + "=");
  }

  private static byte[] decode(String digits) {
    if (HEX.matcher(digits).matches() && digits.length() % 2 == 0) {
      byte[] bytes = HexFormat.of().parseHex(digits);
      if (HashAlgorithm.ofLength(bytes.length).isPresent()) {
        return bytes;
      }
    }
    return BASE64.matcher(digits).matches() ? decodeBase64(digits) : EMPTY;
  }

  /// Decodes both base64 alphabets, with or without padding. The result is empty if the text is not
  /// base64.
  static byte[] decodeBase64(String text) {
    try {
      return Base64.getDecoder()
          .decode(text.replace('-', '+').replace('_', '/').replaceAll("=+$", ""));
    } catch (IllegalArgumentException _) {
      return EMPTY;
    }
  }

  private static List<SignatureMistake> encodingErrors(String digits, SignatureHeader header) {
    boolean hex = HEX.matcher(digits).matches();
    if (header == SignatureHeader.STANDARD) {
      if (hex) {
        return List.of(SignatureMistake.of(Kind.HEX_INSTEAD_OF_BASE64));
      }
      boolean standard = digits.length() % 4 == 0 && !digits.contains("-") && !digits.contains("_");
      return standard ? List.of() : List.of(SignatureMistake.of(Kind.NON_STANDARD_BASE64));
    }
    if (!hex) {
      return List.of(SignatureMistake.of(Kind.BASE64_INSTEAD_OF_HEX));
    }
    return UPPERCASE.matcher(digits).matches()
        ? List.of(SignatureMistake.of(Kind.HEX_NOT_LOWERCASE))
        : List.of();
  }
}
