package dev.runhook.domain.signing;

import java.io.Serial;

/// A secret is needed but cannot be decrypted, because the encryption key is missing or wrong. The
/// message explains the cause to users and contains nothing secret.
public final class SecretDecryptionException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public SecretDecryptionException(String message) {
    super(message);
  }
}
