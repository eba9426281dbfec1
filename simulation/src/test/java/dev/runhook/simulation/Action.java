package dev.runhook.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Something that happens to a world from outside: what users do, and faults.
///
/// @param millis when it happens
/// @param node which node it concerns
/// @param seed decides the rest
record Action(int millis, Kind kind, int node, int seed) {
  /// What happens. The faults come last.
  enum Kind {
    RECORD(60),
    PING(1),
    EDIT(3),
    ROTATE(2),
    DISABLE(1),
    ENABLE(2),
    CREATE_WEBHOOK(1),
    DELETE_WEBHOOK(1),
    CANCEL(2),
    ERASE(1),
    DELETE_STACK(1),
    RECEIVER(5),
    CRASH(4),
    SHUTDOWN(2),
    NO_THREADS(1),
    STOP(2),
    CONNECTION_LOST(2),
    COMMIT_FAILS(2),
    COMMIT_UNKNOWN(2),
    DATABASE_RESTART(1),
    NODE_CLOCK(1),
    DATABASE_CLOCK(1);

    private static final List<Kind> ALL = List.of(values());
    private static final List<Kind> WITHOUT_FAULTS =
        ALL.stream().filter(kind -> !kind.isFault()).toList();

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    boolean isFault() {
      return compareTo(CRASH) >= 0;
    }

    private static Kind choose(Random random, boolean withFaults) {
      List<Kind> kinds = withFaults ? ALL : WITHOUT_FAULTS;
      int chosen = random.nextInt(kinds.stream().mapToInt(kind -> kind.weight).sum());
      int i = 0;
      while (chosen >= kinds.get(i).weight) {
        chosen -= kinds.get(i++).weight;
      }
      return kinds.get(i);
    }
  }

  /// Chooses what happens in a world.
  static List<Action> plan(Random random, int count, int nodes) {
    boolean withFaults = random.nextInt(8) > 0;
    int pace = 20 + random.nextInt(200);
    List<Action> plan = new ArrayList<>();
    int millis = 0;
    for (int i = 0; i < count; i++) {
      millis += random.nextInt(pace);
      plan.add(
          new Action(
              millis,
              Kind.choose(random, withFaults),
              random.nextInt(nodes),
              random.nextInt(1 << 24)));
    }
    return plan;
  }

  @Override
  public String toString() {
    return "%6.3f s  %s (node %d, %d)".formatted(millis / 1000.0, kind, node, seed);
  }
}
