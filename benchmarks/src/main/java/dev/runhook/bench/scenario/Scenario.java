package dev.runhook.bench.scenario;

import dev.runhook.bench.report.Report;
import dev.runhook.bench.system.Environment;

/// One benchmark.
public interface Scenario {
  /// The name on the command line.
  String name();

  /// Measures in an environment that no other benchmark uses, and adds the results to the report.
  void measure(Environment environment, Options options, Report report);
}
