package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Report;
import dev.runhook.bench.subject.Site;

/// One measurement.
public interface Scenario {
  /// What it is called on the command line.
  String name();

  /// Measures on a site of its own, and says what it found.
  void measure(Site site, Options options, Report report);
}
