package dev.runhook.domain.run;

/// Why a run was made. Drift detection is a flag of a run, not a type.
public enum RunType {
  TRACKED,
  PROPOSED,
  TASK,
  TESTING,
  DESTROY
}
