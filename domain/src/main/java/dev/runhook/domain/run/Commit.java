package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// The commit that a run was made from. What the reporter did not tell is empty; `authorLogin`,
/// `timestamp` and `url` may be unknown.
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

  /// A commit of which only the hash is known.
  public static Commit of(String hash) {
    return new Commit(hash, "", "", Optional.empty(), Optional.empty(), Optional.empty());
  }
}
