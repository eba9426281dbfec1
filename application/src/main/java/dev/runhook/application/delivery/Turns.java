package dev.runhook.application.delivery;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/// Whose turn it is: webhooks of each reputation alternate, and among each the one that has waited
/// longest. Guarded by the queue's lock.
final class Turns {
  private static final Reputation[] ORDER = Reputation.values();

  private final Map<Reputation, Queue<Line>> queues = new EnumMap<>(Reputation.class);
  private final AtomicInteger turn = new AtomicInteger();

  Turns() {
    for (Reputation who : ORDER) {
      queues.put(who, new ArrayDeque<>());
    }
  }

  void add(Line line) {
    if (line.inTurn.compareAndSet(false, true)) {
      queue(line.reputation()).add(line);
    }
  }

  void remove(Line line) {
    if (line.inTurn.compareAndSet(true, false)) {
      queue(line.reputation()).remove(line);
    }
  }

  /// The next one for which there is room.
  Optional<Line> next(Room room) {
    for (int tried = 0; tried < ORDER.length; tried++) {
      Reputation who = ORDER[Math.floorMod(turn.getAndIncrement(), ORDER.length)];
      if (room.isThereFor(who) && !queue(who).isEmpty()) {
        Line line = queue(who).remove();
        line.inTurn.set(false);
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  private Queue<Line> queue(Reputation who) {
    return Objects.requireNonNull(queues.get(who));
  }
}
