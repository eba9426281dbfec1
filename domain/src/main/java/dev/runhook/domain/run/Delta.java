package dev.runhook.domain.run;

/// The number of resources that a run adds, changes and deletes, and the total number of resources.
/// No count is negative.
public record Delta(long added, long changed, long deleted, long resources) {
  public Delta {
    if (added < 0 || changed < 0 || deleted < 0 || resources < 0) {
      throw new IllegalArgumentException("the resource counts of a delta must not be negative");
    }
  }

  public boolean changesResources() {
    return added > 0 || changed > 0 || deleted > 0;
  }
}
