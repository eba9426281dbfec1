package dev.runhook.bench.scenario;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// The options of all benchmarks. The figures in docs/internals/performance.md use the defaults.
public final class Options {
  @Option(
      names = "--transitions",
      description = "transitions in each round (default: ${DEFAULT-VALUE})")
  int transitions = 40_000;

  @Option(names = "--clients", description = "concurrent clients (default: ${DEFAULT-VALUE})")
  int clients = 256;

  @Option(names = "--stacks", description = "number of stacks (default: ${DEFAULT-VALUE})")
  int stacks = 50;

  @Option(names = "--fan-out", description = "webhooks on each stack (default: ${DEFAULT-VALUE})")
  int fanOut = 1;

  @Option(
      names = "--runs",
      description = "runs to which the transitions belong (default: ${DEFAULT-VALUE})")
  int runs = 10_000;

  @Option(
      names = "--window",
      description =
          "maximum number of transitions that are recorded and not yet received (default: ${DEFAULT-VALUE})")
  int window = 2_000;

  @Option(
      names = "--rounds",
      description = "number of rounds; the result is their median (default: ${DEFAULT-VALUE})")
  int rounds = 3;

  @Option(
      names = "--warm-up",
      description =
          "transitions for each system before the first round (default: ${DEFAULT-VALUE})")
  int warmUp = 120_000;

  @Option(
      names = "--history",
      description = "for history: finished deliveries in the tables (default: ${DEFAULT-VALUE})")
  int history = 10_000_000;

  @Option(
      names = "--seconds",
      description =
          "for paced and slow-receivers: seconds in each round (default: ${DEFAULT-VALUE})")
  int seconds = 20;

  @Option(
      names = "--minutes",
      description = "for overload: minutes under load, in all steps (default: ${DEFAULT-VALUE})")
  double minutes = 10;

  @Option(
      names = "--only",
      description =
          "for delivery and drain: measure only the bare client and systems whose names contain this text")
  private String only = "";

  @Option(
      names = "--rate",
      description = "for paced: reports per second (default: ${DEFAULT-VALUE})")
  int rate = 50;

  @Option(
      names = "--buckets",
      split = ",",
      description =
          "numbers of buckets: delivery also measures servers with more than one, cluster uses the last"
              + " (default: 1 for delivery, 16 for cluster)")
  List<Integer> buckets = List.of();

  @Option(
      names = "--busy",
      description = "number of busy loops that compete for the CPUs (default: ${DEFAULT-VALUE})")
  int busy;

  @Option(
      names = "--statements",
      description =
          "for delivery: also report the most expensive SQL statements, which slows PostgreSQL down")
  boolean statements;

  @Option(
      names = "--folder",
      description =
          "directory for the reports and the temporary database (default: ${DEFAULT-VALUE})")
  Path folder = Path.of(System.getProperty("runhook.home", "."), "benchmarks", "target", "bench");

  /// Reduces the amounts of work so that all benchmarks together take about 15 minutes.
  public void shorten() {
    history = Math.min(history, 1_000_000);
    transitions = Math.min(transitions, 30_000);
    warmUp = Math.min(warmUp, 40_000);
    seconds = Math.min(seconds, 12);
    minutes = Math.min(minutes, 2);
  }

  /// Returns whether a system with this name takes part in a comparison, so that only those that do
  /// are started.
  boolean measures(String system) {
    return system.contains(only);
  }

  /// The number of busy loops that compete for the CPUs.
  public int busy() {
    return busy;
  }

  /// The directory for the reports and the temporary database.
  public Path folder() {
    return folder;
  }

  @Override
  public String toString() {
    return "transitions %d, warm-up %d, clients %d, stacks %d, fan-out %d, runs %d, window %d, rounds %d, busy %d"
        .formatted(transitions, warmUp, clients, stacks, fanOut, runs, window, rounds, busy);
  }

  /// The maximum number of deliveries in one round.
  public int capacity() {
    return Math.max(Math.max(transitions, warmUp) * fanOut, 1_000 * seconds) + 100_000;
  }
}
