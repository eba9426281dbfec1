package dev.runhook.domain.run;

/// How many resources a run adds, changes and deletes, and how many there are in all; none is
/// negative.
public record Delta(long added, long changed, long deleted, long resources) {
  public Delta {
    if (added < 0 || changed < 0 || deleted < 0 || resources < 0) {
      throw new IllegalArgumentException("a delta counts resources, and no count is negative");
    }
  }
}
