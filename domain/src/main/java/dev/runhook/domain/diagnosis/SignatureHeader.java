package dev.runhook.domain.diagnosis;

/// The three headers that carry signatures.
public enum SignatureHeader {
  SHA1("X-Signature", "sha1=", Digest.SHA1),
  SHA256("X-Signature-256", "sha256=", Digest.SHA256),
  STANDARD("webhook-signature", "v1,", Digest.SHA256);

  private final String title;
  private final String prefix;
  private final Digest digest;

  SignatureHeader(String title, String prefix, Digest digest) {
    this.title = title;
    this.prefix = prefix;
    this.digest = digest;
  }

  /// Its name as it is sent.
  public String title() {
    return title;
  }

  String prefix() {
    return prefix;
  }

  Digest digest() {
    return digest;
  }
}
