package dev.runhook.domain.diagnosis;

/// The three headers that carry signatures.
public enum SignatureHeader {
  SHA1("X-Signature", "sha1=", HashAlgorithm.SHA1),
  SHA256("X-Signature-256", "sha256=", HashAlgorithm.SHA256),
  STANDARD("webhook-signature", "v1,", HashAlgorithm.SHA256);

  private final String headerName;
  private final String prefix;
  private final HashAlgorithm algorithm;

  SignatureHeader(String headerName, String prefix, HashAlgorithm algorithm) {
    this.headerName = headerName;
    this.prefix = prefix;
    this.algorithm = algorithm;
  }

  public String headerName() {
    return headerName;
  }

  String prefix() {
    return prefix;
  }

  HashAlgorithm algorithm() {
    return algorithm;
  }
}
