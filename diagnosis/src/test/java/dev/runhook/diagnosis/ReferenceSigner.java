package dev.runhook.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Creates signatures with any key and body, independently of the production code.
final class ReferenceSigner {
  private ReferenceSigner() {}

  static String standard(String secret, MessageHeaders messageHeaders, String body) {
    return standard(secret.getBytes(UTF_8), messageHeaders, body);
  }

  static String standard(byte[] key, MessageHeaders message, String body) {
    String signed = message.id() + "." + message.timestamp() + "." + body;
    return "v1," + b64(mac("HmacSHA256", key, signed));
  }

  static String sha1(String secret, String body) {
    return "sha1=" + HexFormat.of().formatHex(mac("HmacSHA1", secret.getBytes(UTF_8), body));
  }

  static String sha256(String secret, String body) {
    return "sha256=" + hex(secret, body);
  }

  static String sha256(byte[] key, String body) {
    return "sha256=" + HexFormat.of().formatHex(mac("HmacSHA256", key, body));
  }

  static String hex(String secret, String body) {
    return HexFormat.of().formatHex(mac("HmacSHA256", secret.getBytes(UTF_8), body));
  }

  static String base64(String secret, String body) {
    return b64(mac("HmacSHA256", secret.getBytes(UTF_8), body));
  }

  static String b64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] mac(String algorithm, byte[] key, String body) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(body.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
