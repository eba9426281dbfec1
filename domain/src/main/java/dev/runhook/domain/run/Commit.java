package dev.runhook.domain.run;

import dev.runhook.domain.text.TextLimits;
import java.time.Instant;
import java.util.Optional;

/// The commit that a run was made from. `message` and `authorName` are empty if they are not known.
public record Commit(
    String hash,
    String message,
    String authorName,
    Optional<String> authorLogin,
    Optional<Instant> timestamp,
    Optional<String> url) {
  public Commit {
    TextLimits.requireNonBlank("the commit's hash", hash);
    TextLimits.require("the commit's message", message);
    TextLimits.require("the commit's authorName", authorName);
    authorLogin.ifPresent(text -> TextLimits.require("the commit's authorLogin", text));
    url.ifPresent(text -> TextLimits.require("the commit's url", text));
  }

  /// Creates a commit with only a hash.
  public static Commit of(String hash) {
    return new Commit(hash, "", "", Optional.empty(), Optional.empty(), Optional.empty());
  }
}
