package dev.runhook.domain.run;

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
}
