package dev.runhook.application.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of a token, in hex: all that is kept of it. A token is long and random, so it needs
/// no slow hash.
public record TokenHash(String hex) {
  public static TokenHash of(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return new TokenHash(
          HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
