package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunState.APPLYING;
import static dev.runhook.domain.run.RunState.CANCELED;
import static dev.runhook.domain.run.RunState.CONFIRMED;
import static dev.runhook.domain.run.RunState.DESTROYING;
import static dev.runhook.domain.run.RunState.DISCARDED;
import static dev.runhook.domain.run.RunState.FAILED;
import static dev.runhook.domain.run.RunState.FINISHED;
import static dev.runhook.domain.run.RunState.INITIALIZING;
import static dev.runhook.domain.run.RunState.PENDING_REVIEW;
import static dev.runhook.domain.run.RunState.PERFORMING;
import static dev.runhook.domain.run.RunState.PLANNING;
import static dev.runhook.domain.run.RunState.PREPARING;
import static dev.runhook.domain.run.RunState.PREPARING_APPLY;
import static dev.runhook.domain.run.RunState.PREPARING_REPLAN;
import static dev.runhook.domain.run.RunState.READY;
import static dev.runhook.domain.run.RunState.REPLAN_REQUESTED;
import static dev.runhook.domain.run.RunState.SKIPPED;
import static dev.runhook.domain.run.RunState.STOPPED;
import static dev.runhook.domain.run.RunState.UNCONFIRMED;

import java.util.EnumSet;
import java.util.Set;

/// The expected transitions between run states. Other transitions are recorded too, because they
/// have already happened elsewhere, but they are marked as unexpected.
public final class StateGraph {
  private StateGraph() {}

  /// Returns whether a run of this type is expected to move from one state to the other.
  public static boolean isExpected(RunType type, RunState from, RunState to) {
    return !from.isTerminal() && (to == FAILED || expectedAfter(type, from).contains(to));
  }

  private static Set<RunState> expectedAfter(RunType type, RunState from) {
    return switch (from) {
      case QUEUED -> EnumSet.of(READY, PREPARING, DISCARDED, CANCELED, SKIPPED);
      case READY -> EnumSet.of(PREPARING, DISCARDED, CANCELED);
      case PREPARING -> with(EnumSet.of(INITIALIZING), type == RunType.TASK, PERFORMING);
      case INITIALIZING -> with(EnumSet.of(PLANNING, STOPPED), type == RunType.TASK, PERFORMING);
      case PLANNING ->
          with(
              with(
                  EnumSet.of(FINISHED, UNCONFIRMED, APPLYING, STOPPED),
                  type == RunType.PROPOSED,
                  PENDING_REVIEW),
              type == RunType.DESTROY,
              DESTROYING);
      case PENDING_REVIEW, DESTROYING, PERFORMING -> EnumSet.of(FINISHED);
      case UNCONFIRMED -> EnumSet.of(CONFIRMED, DISCARDED, REPLAN_REQUESTED);
      case REPLAN_REQUESTED -> EnumSet.of(PREPARING_REPLAN);
      case PREPARING_REPLAN -> EnumSet.of(PLANNING);
      case CONFIRMED -> EnumSet.of(PREPARING_APPLY, APPLYING);
      case PREPARING_APPLY -> EnumSet.of(APPLYING);
      case APPLYING -> with(EnumSet.of(FINISHED), type == RunType.TESTING, DESTROYING);
      case FINISHED, FAILED, STOPPED, CANCELED, DISCARDED, SKIPPED ->
          EnumSet.noneOf(RunState.class);
    };
  }

  private static EnumSet<RunState> with(EnumSet<RunState> states, boolean also, RunState state) {
    if (also) {
      states.add(state);
    }
    return states;
  }
}
