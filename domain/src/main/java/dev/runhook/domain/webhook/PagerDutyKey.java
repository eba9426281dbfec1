package dev.runhook.domain.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.SigningSecret;
import java.util.Arrays;
import java.util.regex.Pattern;

/// The integration key of a PagerDuty service. It is the secret of a webhook with the format
/// [Format#PAGERDUTY], and PagerDuty expects it in the body. Renderings, which are stored and
/// shown, have a mask in its place.
public final class PagerDutyKey {
  private static final int LENGTH = 32;
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9]{" + LENGTH + "}");

  public static final String FIELD = "routing_key";

  /// Has the length of a key.
  public static final String MASK = "*".repeat(LENGTH);

  private static final byte[] START = "{\"%s\":\"".formatted(FIELD).getBytes(US_ASCII);
  private static final byte[] MASKED_START = concat(START, MASK.getBytes(US_ASCII));

  private PagerDutyKey() {}

  /// Returns whether a webhook with these settings accepts the secret. A secret that cannot be
  /// decrypted is not checked.
  public static boolean allows(WebhookSettings settings, SigningSecret secret) {
    return settings.delivery().format() != Format.PAGERDUTY
        || !secret.isDecrypted()
        || isKey(secret.reveal());
  }

  private static boolean isKey(String secret) {
    return SHAPE.matcher(secret).matches();
  }

  /// Returns the bytes that are signed and sent to the webhook: the rendering, with the webhook's
  /// secret in place of the mask. Other payloads are returned as they are, and so are those of a
  /// webhook whose format has since changed, or whose secret has another shape.
  ///
  /// @param rendering begins with the key [#FIELD] if its format is [Format#PAGERDUTY]
  /// @throws SecretDecryptionException if the secret is needed but cannot be decrypted
  public static Payload insert(Webhook webhook, Payload rendering) {
    if (rendering.format() != Format.PAGERDUTY
        || webhook.settings().delivery().format() != Format.PAGERDUTY
        || !Arrays.equals(rendering.bytes(0, MASKED_START.length), MASKED_START)) {
      return rendering;
    }
    String key = webhook.keys().current().reveal();
    if (!isKey(key)) {
      return rendering; // the secret could not be decrypted when the format was chosen
    }
    byte[] bytes = rendering.bytes();
    System.arraycopy(key.getBytes(US_ASCII), 0, bytes, START.length, LENGTH);
    return Payload.of(bytes, Format.PAGERDUTY);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
