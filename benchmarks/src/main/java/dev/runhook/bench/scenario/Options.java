package dev.runhook.bench.scenario;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// What can be chosen of any measurement. The defaults are those of the figures in
/// docs/performance.md.
public final class Options {
  @Option(names = "--transitions", description = "in each round (default: ${DEFAULT-VALUE})")
  int transitions = 40_000;

  @Option(names = "--clients", description = "that report at a time (default: ${DEFAULT-VALUE})")
  int clients = 256;

  @Option(names = "--stacks", description = "each with its webhooks (default: ${DEFAULT-VALUE})")
  int stacks = 50;

  @Option(names = "--fan-out", description = "webhooks on each stack (default: ${DEFAULT-VALUE})")
  int fanOut = 1;

  @Option(names = "--runs", description = "that transitions are of (default: ${DEFAULT-VALUE})")
  int runs = 10_000;

  @Option(
      names = "--window",
      description =
          "transitions recorded and not yet received, at most (default: ${DEFAULT-VALUE})")
  int window = 2_000;

  @Option(
      names = "--rounds",
      description = "of which the median counts (default: ${DEFAULT-VALUE})")
  int rounds = 3;

  @Option(
      names = "--warm-up",
      description =
          "transitions for each subject before the first round (default: ${DEFAULT-VALUE})")
  int warmUp = 120_000;

  @Option(
      names = "--history",
      description = "deliveries that have been before (default: ${DEFAULT-VALUE})")
  int history = 10_000_000;

  @Option(
      names = "--seconds",
      description = "how long a paced measurement takes (default: ${DEFAULT-VALUE})")
  int seconds = 20;

  @Option(
      names = "--only",
      description =
          "of delivery: ways whose names contain this, beside the bare client, such as \"process\"")
  String only = "";

  @Option(
      names = "--statements",
      description =
          "of delivery: also tells what PostgreSQL spent its time on, which costs some of it")
  boolean statements;

  @Option(
      names = "--folder",
      description =
          "for the database while it is measured, and the reports (default: ${DEFAULT-VALUE})")
  Path folder = Path.of(System.getProperty("runhook.home", "."), "benchmarks", "target", "bench");

  /// So that all measurements together take a quarter of an hour.
  public void shorten() {
    history = Math.min(history, 1_000_000);
    transitions = Math.min(transitions, 30_000);
    warmUp = Math.min(warmUp, 40_000);
    seconds = Math.min(seconds, 12);
  }

  /// Where reports go.
  public Path folder() {
    return folder;
  }

  @Override
  public String toString() {
    return "transitions %d, warm-up %d, clients %d, stacks %d, fan-out %d, runs %d, window %d, rounds %d"
        .formatted(transitions, warmUp, clients, stacks, fanOut, runs, window, rounds);
  }

  /// How many deliveries there are at most between two rounds.
  public int capacity() {
    return Math.max(Math.max(transitions, warmUp) * fanOut, 1_000 * seconds) + 100_000;
  }
}
