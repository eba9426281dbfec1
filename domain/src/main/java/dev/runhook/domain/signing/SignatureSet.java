package dev.runhook.domain.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The signatures of one message, without the message and the secrets. They allow Runhook to show
/// the headers of a request after the secrets have changed. [#toString] hides the signatures.
public final class SignatureSet {
  private static final int SHA1_BYTES = 20;
  private static final int SHA256_BYTES = 32;

  private final byte[] bytes;

  private SignatureSet(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param sha1 empty if `X-Signature` is not sent
  /// @param standard one signature for each active secret, the current one first
  static SignatureSet of(byte[] sha1, byte[] sha256, List<byte[]> standard) {
    byte[] all = Arrays.copyOf(sha1, sha1.length + SHA256_BYTES * (1 + standard.size()));
    int offset = sha1.length;
    System.arraycopy(sha256, 0, all, offset, SHA256_BYTES);
    for (byte[] signature : standard) {
      offset += SHA256_BYTES;
      System.arraycopy(signature, 0, all, offset, SHA256_BYTES);
    }
    return new SignatureSet(all);
  }

  /// Parses the format of [#bytes].
  public static SignatureSet fromBytes(byte[] bytes) {
    int remainder = bytes.length % SHA256_BYTES;
    if (bytes.length < 2 * SHA256_BYTES || (remainder != 0 && remainder != SHA1_BYTES)) {
      throw new IllegalArgumentException("a signature set cannot have " + bytes.length + " bytes");
    }
    return new SignatureSet(bytes.clone());
  }

  /// Returns the concatenated signatures: 20 bytes for `X-Signature` if it is sent, 32 bytes for
  /// `X-Signature-256`, and 32 bytes for each signature in `webhook-signature`. The length
  /// determines which ones are present.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Returns the headers of a message with this id, sent at this time.
  public List<Header> headers(String messageId, Instant sentAt) {
    int sha256Offset = bytes.length % SHA256_BYTES;
    List<Header> headers = new ArrayList<>();
    if (sha256Offset > 0) {
      headers.add(new Header("X-Signature", "sha1=" + hex(0, sha256Offset)));
    }
    int standardOffset = sha256Offset + SHA256_BYTES;
    headers.add(new Header("X-Signature-256", "sha256=" + hex(sha256Offset, standardOffset)));
    headers.add(new Header("webhook-id", messageId));
    headers.add(new Header("webhook-timestamp", Long.toString(sentAt.getEpochSecond())));
    headers.add(new Header("webhook-signature", standardSignatures(standardOffset)));
    return List.copyOf(headers);
  }

  private String hex(int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
  }

  private String standardSignatures(int from) {
    List<String> signatures = new ArrayList<>();
    for (int offset = from; offset < bytes.length; offset += SHA256_BYTES) {
      byte[] signature = Arrays.copyOfRange(bytes, offset, offset + SHA256_BYTES);
      byte[] base64 = Base64.getEncoder().encode(signature);
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
