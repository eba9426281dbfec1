package dev.runhook.persistence;

import dev.runhook.testkit.log.SecretLogGuard;
import java.util.List;

/// Fails a test during which a secret, a header value, a key, a payload or a note of the tests in
/// this module is logged.
public final class PersistenceSecretLogGuard extends SecretLogGuard {
  public PersistenceSecretLogGuard() {
    super(
        List.of("com.zaxxer", "org.jdbi", "org.postgresql"),
        List.of(
            "It's a Secret",
            "next of ",
            "Bearer ",
            "hush",
            "{\"event\":",
            "second line",
            "0a0a0a0a",
            "0b0b0b0b"));
  }
}
