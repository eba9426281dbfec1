package dev.runhook.domain.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.diagnosis.Mistake.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is done to a secret before it becomes a key.
final class KeyChanges {
  private static final String STANDARD = "whsec_";
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{2,}={0,2}");

  private KeyChanges() {}

  /// The keys that one mistake makes of the secrets.
  static List<Variant> single(Keyring keys) {
    return Stream.concat(own(Variant.given(keys.current())), previous(keys)).toList();
  }

  /// The keys that two mistakes make of them. What is no text any more is not mistaken again.
  static List<Variant> doubled(Keyring keys) {
    return single(keys).stream()
        .filter(key -> !isEmptyKey(key) && isText(key))
        .flatMap(KeyChanges::own)
        .filter(key -> !Arrays.equals(key.bytes(), keys.current().getBytes(UTF_8)))
        .toList();
  }

  private static Stream<Variant> previous(Keyring keys) {
    Variant current = Variant.given(keys.current());
    return keys.previous().stream().map(old -> current.after(Kind.PREVIOUS_SECRET, old));
  }

  private static Stream<Variant> own(Variant secret) {
    String text = new String(secret.bytes(), UTF_8);
    List<Variant> keys =
        new ArrayList<>(
            List.of(
                secret.after(Kind.SECRET_TRIMMED, text.strip()),
                secret.after(Kind.SECRET_WITH_NEWLINE, text + "\n"),
                secret.after(Kind.SECRET_WITH_NEWLINE, text + "\r\n"),
                secret.after(Kind.SECRET_UNQUOTED, Claim.unquoted(text)),
                secret.after(Kind.SECRET_QUOTED, "\"" + text + "\""),
                secret.after(Kind.SECRET_QUOTED, "'" + text + "'"),
                secret.after(Kind.SECRET_IN_STANDARD_FORM, standardForm(secret)),
                // HMAC pads keys with zeros, so this is the empty key, which the JDK refuses
                secret.after(Kind.SECRET_EMPTY, new byte[1])));
    decoded(secret, text).forEach(keys::add);
    return keys.stream()
        .filter(key -> key.bytes().length > 0 && !Arrays.equals(key.bytes(), secret.bytes()));
  }

  private static Stream<Variant> decoded(Variant secret, String text) {
    List<Variant> keys = new ArrayList<>();
    String rest = text.startsWith(STANDARD) ? text.substring(STANDARD.length()) : text;
    if (HEX.matcher(text).matches()) {
      keys.add(secret.after(Kind.SECRET_FROM_HEX, HexFormat.of().parseHex(text)));
    }
    if (BASE64.matcher(rest).matches()) {
      keys.add(secret.after(Kind.SECRET_FROM_BASE64, Attested.fromBase64(rest)));
    }
    if (!rest.equals(text)) {
      keys.add(secret.after(Kind.SECRET_WITHOUT_PREFIX, rest));
    }
    return keys.stream();
  }

  private static String standardForm(Variant secret) {
    return STANDARD + Base64.getEncoder().encodeToString(secret.bytes());
  }

  private static boolean isEmptyKey(Variant key) {
    return key.mistakes().getLast().kind() == Kind.SECRET_EMPTY;
  }

  private static boolean isText(Variant key) {
    return Arrays.equals(new String(key.bytes(), UTF_8).getBytes(UTF_8), key.bytes());
  }
}
