package dev.runhook.domain.run;

import java.util.EnumSet;
import java.util.Set;

/// The states of a run. No transition follows a terminal state.
public enum RunState {
  QUEUED,
  READY,
  PREPARING,
  INITIALIZING,
  PLANNING,
  PENDING_REVIEW,
  UNCONFIRMED,
  REPLAN_REQUESTED,
  PREPARING_REPLAN,
  CONFIRMED,
  PREPARING_APPLY,
  APPLYING,
  PERFORMING,
  DESTROYING,
  FINISHED,
  FAILED,
  STOPPED,
  CANCELED,
  DISCARDED,
  SKIPPED;

  public boolean isTerminal() {
    return compareTo(FINISHED) >= 0;
  }

  /// Returns whether a run of this type is expected to move from this state to `next`. Other
  /// transitions are recorded too, because they have already happened elsewhere, but they are
  /// marked as unexpected.
  public boolean expects(RunState next, RunType type) {
    return !isTerminal()
        && (next == FAILED || expectedNext().contains(next) || expectsOnlyFor(type, next));
  }

  private Set<RunState> expectedNext() {
    return switch (this) {
      case QUEUED -> EnumSet.of(READY, PREPARING, DISCARDED, CANCELED, SKIPPED);
      case READY -> EnumSet.of(PREPARING, DISCARDED, CANCELED);
      case PREPARING -> EnumSet.of(INITIALIZING);
      case INITIALIZING -> EnumSet.of(PLANNING, STOPPED);
      case PLANNING -> EnumSet.of(FINISHED, UNCONFIRMED, APPLYING, STOPPED);
      case PENDING_REVIEW, APPLYING, PERFORMING, DESTROYING -> EnumSet.of(FINISHED);
      case UNCONFIRMED -> EnumSet.of(CONFIRMED, DISCARDED, REPLAN_REQUESTED);
      case REPLAN_REQUESTED -> EnumSet.of(PREPARING_REPLAN);
      case PREPARING_REPLAN -> EnumSet.of(PLANNING);
      case CONFIRMED -> EnumSet.of(PREPARING_APPLY, APPLYING);
      case PREPARING_APPLY -> EnumSet.of(APPLYING);
      case FINISHED, FAILED, STOPPED, CANCELED, DISCARDED, SKIPPED ->
          EnumSet.noneOf(RunState.class);
    };
  }

  /// Returns whether the transition to `next` is expected for this type but not for all.
  private boolean expectsOnlyFor(RunType type, RunState next) {
    return switch (type) {
      case TRACKED -> false;
      case PROPOSED -> this == PLANNING && next == PENDING_REVIEW;
      case TASK -> (this == PREPARING || this == INITIALIZING) && next == PERFORMING;
      case TESTING -> this == APPLYING && next == DESTROYING;
      case DESTROY -> this == PLANNING && next == DESTROYING;
    };
  }
}
