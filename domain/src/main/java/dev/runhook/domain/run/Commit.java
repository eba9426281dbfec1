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
    TextLimits.requireNonBlank("the commit's hash", hash, TextLimits.MAX_NAME);
    TextLimits.require("the commit's message", message, TextLimits.MAX_COMMIT_MESSAGE);
    TextLimits.require("the commit's authorName", authorName, TextLimits.MAX_NAME);
    authorLogin.ifPresent(
        text -> TextLimits.require("the commit's authorLogin", text, TextLimits.MAX_NAME));
    url.ifPresent(text -> TextLimits.require("the commit's url", text, TextLimits.MAX_URL));
  }

  /// Creates a commit with only a hash.
  public static Commit of(String hash) {
    return new Commit(hash, "", "", Optional.empty(), Optional.empty(), Optional.empty());
  }
}
