package dev.runhook.domain.run;

import static java.util.Optional.empty;

import dev.runhook.domain.text.TextLimits;
import java.util.Optional;

/// The properties of a run that never change.
///
/// @param triggeredBy who or what started the run; absent if unknown
/// @param url the run's page in the reporting system
/// @param driftDetection whether the run only detects drift
/// @param command the command of a task
public record RunDetails(
    RunType type,
    String branch,
    Commit commit,
    Optional<String> triggeredBy,
    Optional<String> url,
    Optional<Boolean> driftDetection,
    Optional<String> command) {
  public RunDetails {
    TextLimits.requireNonBlank("the branch", branch, TextLimits.MAX_NAME);
    triggeredBy.ifPresent(text -> TextLimits.require("triggeredBy", text, TextLimits.MAX_NAME));
    url.ifPresent(text -> TextLimits.require("the run's url", text, TextLimits.MAX_URL));
    command.ifPresent(text -> TextLimits.require("the command", text, TextLimits.MAX_TEXT));
  }

  /// Creates the details of a tracked run with only a branch and a commit.
  public static RunDetails tracked(String branch, Commit commit) {
    return new RunDetails(RunType.TRACKED, branch, commit, empty(), empty(), empty(), empty());
  }
}
