package dev.runhook.domain.signing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The signatures of one message, without the message and the secrets. With them, Runhook can show
/// the headers of a request after the secrets have changed. [#toString] hides the signatures.
public final class SignatureSet {
  private static final int SHA1_BYTES = 20;
  private static final int SHA256_BYTES = 32;

  private final byte[] bytes;

  private SignatureSet(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param signatures in the order of [#bytes]
  static SignatureSet of(List<byte[]> signatures) {
    byte[] all = new byte[signatures.stream().mapToInt(signature -> signature.length).sum()];
    int offset = 0;
    for (byte[] signature : signatures) {
      System.arraycopy(signature, 0, all, offset, signature.length);
      offset += signature.length;
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
  /// `X-Signature-256`, and 32 bytes for each active secret in `webhook-signature`, the current one
  /// first. The length determines which ones are present.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// Returns signatures of the same form, none of which is valid. They differ from these only at
  /// their ends, so that a receiver must compare them completely.
  public SignatureSet forged() {
    byte[] changed = bytes.clone();
    int sha1 = changed.length % SHA256_BYTES;
    for (int end = sha1 > 0 ? sha1 : SHA256_BYTES; end <= changed.length; end += SHA256_BYTES) {
      changed[end - 1] ^= 1;
    }
    return new SignatureSet(changed);
  }

  /// Returns the headers of a message with this id, sent at this time.
  public List<Header> headers(String messageId, Instant sentAt) {
    int sha256Offset = bytes.length % SHA256_BYTES;
    int standardOffset = sha256Offset + SHA256_BYTES;
    List<Header> headers = new ArrayList<>();
    if (sha256Offset > 0) {
      headers.add(new Header("X-Signature", "sha1=" + hex(0, sha256Offset)));
    }
    headers.add(new Header("X-Signature-256", "sha256=" + hex(sha256Offset, standardOffset)));
    headers.add(new Header("webhook-id", messageId));
    headers.add(new Header("webhook-timestamp", Long.toString(sentAt.getEpochSecond())));
    List<String> standard = new ArrayList<>();
    for (int offset = standardOffset; offset < bytes.length; offset += SHA256_BYTES) {
      byte[] signature = Arrays.copyOfRange(bytes, offset, offset + SHA256_BYTES);
      standard.add("v1," + Base64.getEncoder().encodeToString(signature));
    }
    headers.add(new Header("webhook-signature", String.join(" ", standard)));
    return List.copyOf(headers);
  }

  private String hex(int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
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
