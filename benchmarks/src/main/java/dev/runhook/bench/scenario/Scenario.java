package dev.runhook.bench.scenario;

import dev.runhook.bench.report.Report;
import dev.runhook.bench.system.Environment;

/// One measurement.
public interface Scenario {
  /// What it is called on the command line.
  String name();

  /// Measures on a site of its own, and says what it found.
  void measure(Environment environment, Options options, Report report);
}
