package dev.runhook.simulation;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Runs simulations from the command line.
final class Main {
  private static final double MAX_SECONDS_OF_MISTAKE = 60;
  private static final int MAX_DIFFERENCES_OF_MISTAKE = 2;
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
          case "--orders" -> exploreOrders((int) number);
          case "--mistakes" -> plantMistakes();
          default -> {
            System.err.println(
                "usage: simulation/run --minutes N [first seed] | --seconds N [first seed] | --seed S | --orders N | --mistakes");
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

  private static boolean exploreOrders(int differences) {
    long cpuBefore = cpuNanos();
    Orders orders = new Orders(differences);
    Optional<Violation> found = orders.explore();
    System.out.println(orders);
    System.out.printf("%.1f s of processor time%n", (cpuNanos() - cpuBefore) / 1e9);
    found.ifPresent(violation -> {
      orders.story().forEach(System.out::println);
    });
    return found.isEmpty();
  }

  private static boolean plantMistakes() {
    Path project = Path.of("").toAbsolutePath();
    boolean foundAll = true;
    for (Mistakes.Mistake mistake : Mistakes.ALL) {
      Optional<Mistakes.Finding> found = Mistakes.find(mistake, project, MAX_SECONDS_OF_MISTAKE);
      Optional<Mistakes.Finding> inOrders =
          Mistakes.findInOrders(mistake, project, MAX_DIFFERENCES_OF_MISTAKE);
      System.out.println(mistake);
      System.out.println("  seeds: " + found.map(Object::toString).orElse("not found"));
      System.out.println("  orders: " + inOrders.map(Object::toString).orElse("not found"));
      foundAll &= found.isPresent();
    }
    return foundAll;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
