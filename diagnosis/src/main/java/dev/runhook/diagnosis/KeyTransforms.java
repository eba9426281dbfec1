package dev.runhook.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.diagnosis.SignatureMistake.Kind;
import dev.runhook.domain.signing.SigningSecret;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The mistakes that change a secret before it is used as a key.
final class KeyTransforms {
  private static final String STANDARD = "whsec_";
  private static final Set<Kind> NOT_DECODED =
      Set.of(Kind.SECRET_NOT_DECODED, Kind.SECRET_IN_STANDARD_FORM);
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{2,}={0,2}");

  private KeyTransforms() {}

  /// Returns the key that the header requires.
  static Variant given(Keyring keys, SignatureHeader header) {
    return key(keys.current(), header);
  }

  /// Returns the keys that result from one mistake.
  static List<Variant> withOneMistake(Keyring keys, SignatureHeader header) {
    return keys(oneMistake(keys, header), keys, header);
  }

  /// Returns the keys that result from two mistakes. Keys that are no longer text are not changed
  /// again.
  static List<Variant> withTwoMistakes(Keyring keys, SignatureHeader header) {
    Stream<Variant> twice =
        oneMistake(keys, header)
            .filter(key -> key.mistakes().getLast().kind() != Kind.SECRET_EMPTY && isText(key))
            .flatMap(secret -> mistakes(secret, header));
    return keys(twice, keys, header);
  }

  private static Stream<Variant> oneMistake(Keyring keys, SignatureHeader header) {
    Variant current = keys.current();
    Stream<Variant> previous =
        keys.previous().stream().map(secret -> current.withMistake(Kind.PREVIOUS_SECRET, secret));
    return Stream.concat(mistakes(current, header), previous);
  }

  private static List<Variant> keys(Stream<Variant> secrets, Keyring keys, SignatureHeader header) {
    byte[] given = given(keys, header).bytes();
    return secrets
        .map(secret -> key(secret, header))
        .filter(key -> !Arrays.equals(key.bytes(), given))
        .toList();
  }

  /// Returns the key of a secret: for `webhook-signature`, it may have to be decoded.
  private static Variant key(Variant secret, SignatureHeader header) {
    boolean isDecodable =
        header == SignatureHeader.STANDARD
            && isText(secret)
            && secret.mistakes().stream().noneMatch(it -> NOT_DECODED.contains(it.kind()));
    return isDecodable
        ? secret.withBytes(SigningSecret.standardKey(new String(secret.bytes(), UTF_8)))
        : secret;
  }

  private static Stream<Variant> mistakes(Variant secret, SignatureHeader header) {
    String text = new String(secret.bytes(), UTF_8);
    String encoded = text.startsWith(STANDARD) ? text.substring(STANDARD.length()) : text;
    byte[] fromHex = HEX.matcher(text).matches() ? HexFormat.of().parseHex(text) : new byte[0];
    byte[] fromBase64 =
        BASE64.matcher(encoded).matches()
            ? ParsedSignatureHeader.decodeBase64(encoded)
            : new byte[0];
    String standardForm =
        STANDARD + Base64.getEncoder().encodeToString(SigningSecret.standardKey(text));
    Stream<Variant> changed =
        Stream.of(
                secret.withMistake(Kind.SECRET_TRIMMED, text.strip()),
                secret.withMistake(Kind.SECRET_WITH_NEWLINE, text + "\n"),
                secret.withMistake(Kind.SECRET_WITH_NEWLINE, text + "\r\n"),
                secret.withMistake(Kind.SECRET_UNQUOTED, ParsedSignatureHeader.unquoted(text)),
                secret.withMistake(Kind.SECRET_QUOTED, "\"" + text + "\""),
                secret.withMistake(Kind.SECRET_QUOTED, "'" + text + "'"),
                secret.withMistake(Kind.SECRET_IN_STANDARD_FORM, standardForm),
                // HMAC pads keys with zeros, so this equals the empty key, which the JDK rejects.
                secret.withMistake(Kind.SECRET_EMPTY, new byte[1]),
                secret.withMistake(Kind.SECRET_HEX_DECODED, fromHex),
                secret.withMistake(Kind.SECRET_BASE64_DECODED, fromBase64),
                secret.withMistake(Kind.SECRET_WITHOUT_PREFIX, encoded))
            .filter(key -> key.bytes().length > 0 && !Arrays.equals(key.bytes(), secret.bytes()));
    return header == SignatureHeader.STANDARD
        ? Stream.concat(changed, Stream.of(secret.withMistake(Kind.SECRET_NOT_DECODED, text)))
        : changed;
  }

  private static boolean isText(Variant key) {
    return Arrays.equals(new String(key.bytes(), UTF_8).getBytes(UTF_8), key.bytes());
  }
}
