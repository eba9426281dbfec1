package dev.runhook.domain.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The signatures that were made of one message, without the secrets and the message: so the
/// headers can still be told when the secrets are others, or forgotten. Hides itself in
/// [#toString].
public final class SignatureSet {
  private static final int SHA1_BYTES = 20;
  private static final int SHA256_BYTES = 32;

  private final byte[] bytes;

  private SignatureSet(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param sha1 empty where `X-Signature` is not sent
  /// @param standard one for each secret in force, the current one first
  static SignatureSet of(byte[] sha1, byte[] sha256, List<byte[]> standard) {
    byte[] all = Arrays.copyOf(sha1, sha1.length + SHA256_BYTES * (1 + standard.size()));
    int at = sha1.length;
    System.arraycopy(sha256, 0, all, at, SHA256_BYTES);
    for (byte[] one : standard) {
      at += SHA256_BYTES;
      System.arraycopy(one, 0, all, at, SHA256_BYTES);
    }
    return new SignatureSet(all);
  }

  /// Reads what [#bytes] wrote.
  public static SignatureSet fromBytes(byte[] bytes) {
    int beyond = bytes.length % SHA256_BYTES;
    if (bytes.length < 2 * SHA256_BYTES || (beyond != 0 && beyond != SHA1_BYTES)) {
      throw new IllegalArgumentException("no signatures are " + bytes.length + " bytes long");
    }
    return new SignatureSet(bytes.clone());
  }

  /// All of them in a row: that of `X-Signature`, 20 bytes, if it was sent; that of
  /// `X-Signature-256`, 32 bytes; and each of `webhook-signature`, 32 bytes. The length tells which
  /// there are.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The headers that go with the message of that id, sent at that instant.
  public List<Header> headers(String messageId, Instant sentAt) {
    int sha256 = bytes.length % SHA256_BYTES;
    List<Header> headers = new ArrayList<>();
    if (sha256 > 0) {
      headers.add(new Header("X-Signature", "sha1=" + hex(0, sha256)));
    }
    int standard = sha256 + SHA256_BYTES;
    headers.add(new Header("X-Signature-256", "sha256=" + hex(sha256, standard)));
    headers.add(new Header("webhook-id", messageId));
    headers.add(new Header("webhook-timestamp", Long.toString(sentAt.getEpochSecond())));
    headers.add(new Header("webhook-signature", standard(standard)));
    return List.copyOf(headers);
  }

  private String hex(int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
  }

  private String standard(int from) {
    List<String> signatures = new ArrayList<>();
    for (int at = from; at < bytes.length; at += SHA256_BYTES) {
      byte[] one = Arrays.copyOfRange(bytes, at, at + SHA256_BYTES);
      byte[] base64 = Base64.getEncoder().encode(one);
      signatures.add("v1," + new String(base64, StandardCharsets.ISO_8859_1));
    }
    return String.join(" ", signatures);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignatureSet signatureSet && Arrays.equals(signatureSet.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "(signatures)";
  }
}
