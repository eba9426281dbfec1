package dev.runhook.domain.run;

/// The types of runs. Drift detection is a flag of a run, not a type.
public enum RunType {
  TRACKED,
  PROPOSED,
  TASK,
  TESTING,
  DESTROY
}
