package dev.runhook.domain.account;

import dev.runhook.domain.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The SHA-256 of a token, in hex. The token itself is not stored. Tokens are long and random, so a
/// fast hash is sufficient. The comparison takes constant time.
public record TokenHash(String hex) {
  public static TokenHash of(String text) {
    return new TokenHash(Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenHash(String hex)
        && MessageDigest.isEqual(
            hex.getBytes(StandardCharsets.US_ASCII), this.hex.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }
}
