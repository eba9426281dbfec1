package dev.runhook.domain.signing;

import java.io.Serial;

/// A secret is needed whose text cannot be had: it is kept encrypted, and the key is not there or
/// does not open it. The message is a sentence for people, with nothing secret in it.
public final class SecretDecryptionException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public SecretDecryptionException(String message) {
    super(message);
  }
}
