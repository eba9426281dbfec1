package dev.runhook.domain.run;

import java.util.Optional;

/// What a run is about, as told when it was started; none of it changes later.
///
/// @param triggeredBy who or what started it; absent when unknown
/// @param url its page in the reporter's system; absent when not given
/// @param driftDetection whether it only looks for drift; absent when not given
/// @param command what a task runs; absent when not given
public record RunDetails(
    RunType type,
    String branch,
    Commit commit,
    Optional<String> triggeredBy,
    Optional<String> url,
    Optional<Boolean> driftDetection,
    Optional<String> command) {
  public RunDetails {
    TextLimits.requireNonBlank("the branch", branch);
    triggeredBy.ifPresent(text -> TextLimits.require("triggeredBy", text));
    url.ifPresent(text -> TextLimits.require("the run's url", text));
    command.ifPresent(text -> TextLimits.require("the command", text));
  }

  /// A tracked run of which only branch and commit are known.
  public static RunDetails tracked(String branch, Commit commit) {
    return new RunDetails(
        RunType.TRACKED,
        branch,
        commit,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
