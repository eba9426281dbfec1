package dev.runhook.simulation;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Runs simulations from the command line.
final class Main {
  private static final double MAX_SECONDS_OF_MISTAKE = 60;
  private static final double NANOS_PER_MINUTE = 60e9;

  private Main() {}

  public static void main(String... arguments) {
    long number = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime() >>> 8;
    boolean passed =
        switch (arguments.length == 0 ? "" : arguments[0]) {
          case "--seed" -> tell(number);
          case "--minutes" -> explore(Duration.ofMinutes(number), seed);
          case "--seconds" -> explore(Duration.ofSeconds(number), seed);
          case "--mistakes" -> plantMistakes();
          default -> {
            System.err.println(
                "usage: simulation/run --minutes N [first seed] | --seconds N [first seed] | --seed S | --mistakes");
            yield false;
          }
        };
    System.exit(passed ? 0 : 1);
  }

  private static boolean tell(long seed) {
    Simulation simulation = Simulation.correct();
    Optional<Violation> found = simulation.run(seed);
    if (found.isEmpty()) {
      System.out.println(simulation.stats() + "\nno violation");
      return true;
    }
    simulation.shortStory(seed).forEach(System.out::println);
    return false;
  }

  private static boolean explore(Duration time, long firstSeed) {
    Simulation simulation = Simulation.correct();
    long end = System.nanoTime() + time.toNanos();
    long cpuBefore = cpuNanos();
    int violations = 0;
    for (long seed = firstSeed; System.nanoTime() < end && violations < 5; seed++) {
      Optional<Violation> found = simulation.run(seed);
      if (found.isPresent()) {
        violations++;
        System.out.println("seed " + seed + ": " + found.get().getMessage());
      }
    }
    double minutes = (cpuNanos() - cpuBefore) / NANOS_PER_MINUTE;
    System.out.println("seeds from " + firstSeed);
    System.out.println(simulation.stats());
    System.out.printf(
        "%.2f minutes of processor time, %,.0f transitions per minute, %d violations%n",
        minutes, simulation.stats().transitions() / minutes, violations);
    return violations == 0;
  }

  private static boolean plantMistakes() {
    boolean foundAll = true;
    for (Mistakes.Mistake mistake : Mistakes.ALL) {
      Optional<Mistakes.Finding> found =
          Mistakes.find(mistake, Path.of("").toAbsolutePath(), MAX_SECONDS_OF_MISTAKE);
      System.out.println(mistake + "\n  " + found.map(Object::toString).orElse("not found"));
      foundAll &= found.isPresent();
    }
    return foundAll;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
