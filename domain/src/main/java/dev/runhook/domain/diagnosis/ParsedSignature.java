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

/// One signature of a header: its bytes, where it has any, and what is wrong with how it is
/// written.
final class ParsedSignature {
  private static final Pattern PARTS =
      Pattern.compile("((?:(?i)sha1=|sha256=|sha512=|v1,)?)(.*)", Pattern.DOTALL);
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
  private static final Pattern UPPER = Pattern.compile(".*[A-F].*");
  private static final byte[] NOTHING = {};

  private final byte[] mac;
  private final List<SignatureMistake> formatErrors;

  private ParsedSignature(byte[] mac, List<SignatureMistake> flaws) {
    this.mac = mac;
    this.formatErrors = List.copyOf(flaws);
  }

  static ParsedSignature parse(String text, SignatureHeader header) {
    List<SignatureMistake> flaws = new ArrayList<>();
    String value = ParsedSignatureHeader.unquoted(text);
    if (!value.equals(text)) {
      flaws.add(SignatureMistake.of(Kind.SIGNATURE_QUOTED));
    }
    Matcher parts = PARTS.matcher(value);
    boolean split = parts.matches();
    String prefix = split ? parts.group(1) : "";
    String digits = split ? parts.group(2).strip() : value;
    byte[] mac = decoded(digits);
    Optional<HashAlgorithm> digest = HashAlgorithm.ofLength(mac.length);
    if (digest.isEmpty()) {
      flaws.add(new SignatureMistake(Kind.NOT_A_SIGNATURE, described(digits, header)));
      return new ParsedSignature(NOTHING, flaws);
    }
    flaws.addAll(spelling(digits, header));
    HashAlgorithm made = digest.get();
    if (made != header.algorithm()) {
      flaws.add(new SignatureMistake(Kind.WRONG_ALGORITHM, made.displayName()));
    }
    // the signature of one header in the place of another is one mistake, not two
    boolean whole = made != header.algorithm() && belongs(prefix, made);
    if (!whole) {
      ParsedSignatureHeader.prefixError(prefix, header).ifPresent(flaws::add);
    }
    return new ParsedSignature(mac, flaws);
  }

  Optional<HashAlgorithm> algorithm() {
    return HashAlgorithm.ofLength(mac.length);
  }

  List<SignatureMistake> formatErrors() {
    return formatErrors;
  }

  /// In constant time.
  boolean matches(byte[] other) {
    return MessageDigest.isEqual(mac, other);
  }

  private static boolean belongs(String prefix, HashAlgorithm made) {
    return prefix
        .toLowerCase(Locale.ROOT)
        .equals(made.displayName().toLowerCase(Locale.ROOT).replace("-", "") + "=");
  }

  private static byte[] decoded(String digits) {
    if (HEX.matcher(digits).matches() && digits.length() % 2 == 0) {
      byte[] bytes = HexFormat.of().parseHex(digits);
      if (HashAlgorithm.ofLength(bytes.length).isPresent()) {
        return bytes;
      }
    }
    return BASE64.matcher(digits).matches() ? decodeBase64(digits) : NOTHING;
  }

  /// Of either alphabet, padded or not.
  static byte[] decodeBase64(String text) {
    try {
      return Base64.getDecoder()
          .decode(text.replace('-', '+').replace('_', '/').replaceAll("=+$", ""));
    } catch (IllegalArgumentException _) {
      return NOTHING;
    }
  }

  private static List<SignatureMistake> spelling(String digits, SignatureHeader header) {
    boolean hex = HEX.matcher(digits).matches();
    if (header == SignatureHeader.STANDARD) {
      if (hex) {
        return List.of(SignatureMistake.of(Kind.HEX_INSTEAD_OF_BASE64));
      }
      boolean usual = digits.length() % 4 == 0 && !digits.contains("-") && !digits.contains("_");
      return usual ? List.of() : List.of(SignatureMistake.of(Kind.NON_STANDARD_BASE64));
    }
    if (!hex) {
      return List.of(SignatureMistake.of(Kind.BASE64_INSTEAD_OF_HEX));
    }
    return UPPER.matcher(digits).matches()
        ? List.of(SignatureMistake.of(Kind.HEX_NOT_LOWERCASE))
        : List.of();
  }

  private static String described(String digits, SignatureHeader header) {
    String wanted =
        header == SignatureHeader.STANDARD
            ? "44 characters of base64"
            : 2 * header.algorithm().length() + " hexadecimal digits";
    String kind = HEX.matcher(digits).matches() ? " hexadecimal digits" : " characters";
    return digits.length() + kind + " where " + wanted + " belong";
  }
}
