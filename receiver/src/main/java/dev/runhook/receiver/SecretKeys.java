package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The keys of a secret. The key of `X-Signature-256` and `X-Signature` is the text in UTF-8. The
/// key of `webhook-signature` is the same, except for `whsec_` and 24 to 64 bytes in base64, whose
/// key is the decoded bytes.
final class SecretKeys {
  static final String SHA1 = "HmacSHA1";
  static final String SHA256 = "HmacSHA256";

  private static final String PREFIX = "whsec_";

  private final SecretKeySpec bodyKey;
  private final SecretKeySpec standardKey;

  private SecretKeys(byte[] bodyKey, byte[] standardKey) {
    this.bodyKey = new SecretKeySpec(bodyKey, SHA256);
    this.standardKey = new SecretKeySpec(standardKey, SHA256);
  }

  static SecretKeys of(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("the secret is blank");
    }
    byte[] text = secret.getBytes(UTF_8);
    byte[] decoded = decoded(secret);
    return new SecretKeys(text, decoded.length >= 24 && decoded.length <= 64 ? decoded : text);
  }

  /// Returns no bytes if the secret is not `whsec_` and base64.
  private static byte[] decoded(String secret) {
    try {
      return secret.startsWith(PREFIX)
          ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
          : new byte[0];
    } catch (IllegalArgumentException ignored) {
      return new byte[0];
    }
  }

  byte[] bodyMac(String algorithm, byte[] body) {
    return mac(algorithm, bodyKey).doFinal(body);
  }

  byte[] standardMac(byte[] prefix, byte[] body) {
    Mac mac = mac(SHA256, standardKey);
    mac.update(prefix);
    return mac.doFinal(body);
  }

  private static Mac mac(String algorithm, SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform supports " + algorithm, e);
    }
  }
}
