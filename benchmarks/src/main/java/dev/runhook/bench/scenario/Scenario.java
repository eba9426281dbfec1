package dev.runhook.bench.scenario;

import dev.runhook.bench.report.Report;
import dev.runhook.bench.system.Environment;

/// One benchmark.
public interface Scenario {
  /// The name on the command line.
  String name();

  /// The maximum number of deliveries in one round.
  default int capacity(Options options) {
    return options.capacity();
  }

  /// Measures in an environment that no other benchmark uses, and adds the results to the report.
  void measure(Environment environment, Options options, Report report);
}
