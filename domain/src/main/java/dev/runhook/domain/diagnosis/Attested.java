package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.Mistake.Kind;
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
final class Attested {
  private static final Pattern PARTS =
      Pattern.compile("((?:(?i)sha1=|sha256=|sha512=|v1,)?)(.*)", Pattern.DOTALL);
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
  private static final Pattern UPPER = Pattern.compile(".*[A-F].*");
  private static final byte[] NOTHING = {};

  private final byte[] mac;
  private final List<Mistake> flaws;

  private Attested(byte[] mac, List<Mistake> flaws) {
    this.mac = mac;
    this.flaws = List.copyOf(flaws);
  }

  static Attested read(String text, SignatureHeader header) {
    List<Mistake> flaws = new ArrayList<>();
    String value = Claim.unquoted(text);
    if (!value.equals(text)) {
      flaws.add(Mistake.of(Kind.SIGNATURE_QUOTED));
    }
    Matcher parts = PARTS.matcher(value);
    boolean split = parts.matches();
    String prefix = split ? parts.group(1) : "";
    String digits = split ? parts.group(2).strip() : value;
    byte[] mac = decoded(digits);
    Optional<Digest> digest = Digest.ofLength(mac.length);
    if (digest.isEmpty()) {
      flaws.add(new Mistake(Kind.NO_SIGNATURE, described(digits, header)));
      return new Attested(NOTHING, flaws);
    }
    flaws.addAll(spelling(digits, header));
    Digest made = digest.get();
    if (made != header.digest()) {
      flaws.add(new Mistake(Kind.ALGORITHM, made.title()));
    }
    // the signature of one header in the place of another is one mistake, not two
    boolean whole = made != header.digest() && belongs(prefix, made);
    if (!whole) {
      Claim.prefixMistake(prefix, header).ifPresent(flaws::add);
    }
    return new Attested(mac, flaws);
  }

  Optional<Digest> digest() {
    return Digest.ofLength(mac.length);
  }

  List<Mistake> flaws() {
    return flaws;
  }

  /// In constant time.
  boolean is(byte[] other) {
    return MessageDigest.isEqual(mac, other);
  }

  private static boolean belongs(String prefix, Digest made) {
    return prefix
        .toLowerCase(Locale.ROOT)
        .equals(made.title().toLowerCase(Locale.ROOT).replace("-", "") + "=");
  }

  private static byte[] decoded(String digits) {
    if (HEX.matcher(digits).matches() && digits.length() % 2 == 0) {
      byte[] bytes = HexFormat.of().parseHex(digits);
      if (Digest.ofLength(bytes.length).isPresent()) {
        return bytes;
      }
    }
    return BASE64.matcher(digits).matches() ? fromBase64(digits) : NOTHING;
  }

  /// Of either alphabet, padded or not.
  static byte[] fromBase64(String text) {
    try {
      return Base64.getDecoder()
          .decode(text.replace('-', '+').replace('_', '/').replaceAll("=+$", ""));
    } catch (IllegalArgumentException _) {
      return NOTHING;
    }
  }

  private static List<Mistake> spelling(String digits, SignatureHeader header) {
    boolean hex = HEX.matcher(digits).matches();
    if (header == SignatureHeader.STANDARD) {
      if (hex) {
        return List.of(Mistake.of(Kind.HEX_FOR_BASE64));
      }
      boolean usual = digits.length() % 4 == 0 && !digits.contains("-") && !digits.contains("_");
      return usual ? List.of() : List.of(Mistake.of(Kind.BASE64_OF_ANOTHER_KIND));
    }
    if (!hex) {
      return List.of(Mistake.of(Kind.BASE64_FOR_HEX));
    }
    return UPPER.matcher(digits).matches() ? List.of(Mistake.of(Kind.HEX_UPPER_CASE)) : List.of();
  }

  private static String described(String digits, SignatureHeader header) {
    String wanted =
        header == SignatureHeader.STANDARD
            ? "44 characters of base64"
            : 2 * header.digest().length() + " hexadecimal digits";
    String kind = HEX.matcher(digits).matches() ? " hexadecimal digits" : " characters";
    return digits.length() + kind + " where " + wanted + " belong";
  }
}
