package dev.runhook.application.query;

import static java.util.Optional.empty;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.TextLimits;
import java.time.Instant;
import java.util.Optional;

/// Selects runs. Absent criteria match everything.
///
/// @param state the current state
/// @param branch the exact name of the branch
/// @param namePrefix the beginning of the id that the reporter chose
/// @param commitPrefix the beginning of the hash of the commit
/// @param from the earliest creation time, inclusive
/// @param to the latest creation time, exclusive
public record RunFilter(
    Optional<RunState> state,
    Optional<RunType> type,
    Optional<String> branch,
    Optional<String> namePrefix,
    Optional<String> commitPrefix,
    Optional<Instant> from,
    Optional<Instant> to) {
  public RunFilter {
    branch.ifPresent(name -> TextLimits.requireNonBlank("a branch", name, TextLimits.MAX_NAME));
    namePrefix.ifPresent(
        prefix -> TextLimits.requireNonBlank("a prefix", prefix, TextLimits.MAX_NAME));
    commitPrefix.ifPresent(
        prefix -> TextLimits.requireNonBlank("a prefix", prefix, TextLimits.MAX_NAME));
  }

  /// Selects all runs.
  public static RunFilter all() {
    return new RunFilter(empty(), empty(), empty(), empty(), empty(), empty(), empty());
  }

  public RunFilter withState(RunState state) {
    return new RunFilter(Optional.of(state), type, branch, namePrefix, commitPrefix, from, to);
  }

  public RunFilter withType(RunType type) {
    return new RunFilter(state, Optional.of(type), branch, namePrefix, commitPrefix, from, to);
  }

  public RunFilter withBranch(String branch) {
    return new RunFilter(state, type, Optional.of(branch), namePrefix, commitPrefix, from, to);
  }

  public RunFilter withNamePrefix(String prefix) {
    return new RunFilter(state, type, branch, Optional.of(prefix), commitPrefix, from, to);
  }

  public RunFilter withCommitPrefix(String prefix) {
    return new RunFilter(state, type, branch, namePrefix, Optional.of(prefix), from, to);
  }

  public RunFilter withFrom(Instant from) {
    return new RunFilter(state, type, branch, namePrefix, commitPrefix, Optional.of(from), to);
  }

  public RunFilter withTo(Instant to) {
    return new RunFilter(state, type, branch, namePrefix, commitPrefix, from, Optional.of(to));
  }
}
