package dev.runhook.domain.signing;

import dev.runhook.domain.account.AccountId;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A secret with which another platform signs its notifications. What it signs is reported for one
/// account.
public record IngestSecret(AccountId account, SigningSecret secret) {
  /// How a platform signs the body of a notification.
  public enum Algorithm {
    SHA256("HmacSHA256"),
    SHA512("HmacSHA512");

    private final String javaName;

    Algorithm(String javaName) {
      this.javaName = javaName;
    }
  }

  /// Returns whether the signature, in hex, matches the body. Compares in constant time.
  public boolean verifies(Algorithm algorithm, byte[] body, String signature) {
    byte[] expected = WebhookSigner.mac(algorithm.javaName, secret.key()).doFinal(body);
    try {
      return MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature));
    } catch (IllegalArgumentException ignored) {
      return false;
    }
  }
}
