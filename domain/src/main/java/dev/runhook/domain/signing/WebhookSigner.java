package dev.runhook.domain.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs the message of one attempt.
///
/// - `X-Signature`: `sha1=` and the lowercase hex of HMAC-SHA1(secret, body), like GitHub's
///   `X-Hub-Signature`. It can be disabled.
/// - `X-Signature-256`: `sha256=` and the lowercase hex of HMAC-SHA256(secret, body), like GitHub's
///   `X-Hub-Signature-256`.
/// - `webhook-id`, `webhook-timestamp`, `webhook-signature`: Standard Webhooks 1.0, with one `v1,`
///   signature for each active secret.
///
/// [SigningSecret] defines the keys.
public final class WebhookSigner {
  private static final String SHA1 = "HmacSHA1";
  private static final String SHA256 = "HmacSHA256";

  private final boolean withSha1;

  /// @param withSha1 whether `X-Signature` is sent
  public WebhookSigner(boolean withSha1) {
    this.withSha1 = withSha1;
  }

  /// Signs the body and returns the signature headers.
  public List<Header> signatureHeaders(
      SigningKeys keys, String messageId, Instant sentAt, byte[] body) {
    return sign(keys, messageId, sentAt, body).headers(messageId, sentAt);
  }

  public SignatureSet sign(SigningKeys keys, String messageId, Instant sentAt, byte[] body) {
    byte[] key = keys.current().key();
    Mac sha256 = mac(SHA256, key);
    byte[] prefix = (messageId + "." + sentAt.getEpochSecond() + ".").getBytes(UTF_8);
    List<byte[]> signatures = new ArrayList<>();
    if (withSha1) {
      signatures.add(mac(SHA1, key).doFinal(body));
    }
    signatures.add(sha256.doFinal(body));
    for (SigningSecret secret : keys.activeSecrets(sentAt)) {
      byte[] standardKey = secret.standardKey();
      // reuses the Mac of the same key, because creating one costs as much as signing
      Mac mac = Arrays.equals(standardKey, key) ? sha256 : mac(SHA256, standardKey);
      mac.update(prefix);
      signatures.add(mac.doFinal(body));
    }
    return SignatureSet.of(signatures);
  }

  static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + algorithm, e);
    }
  }
}
