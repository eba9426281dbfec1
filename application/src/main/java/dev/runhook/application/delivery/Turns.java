package dev.runhook.application.delivery;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Whose turn it is: proven and unproven webhooks alternate, and among each the one that has waited
/// longest. Guarded by the queue's lock.
final class Turns {
  private final Queue<Line> proven = new ArrayDeque<>();
  private final Queue<Line> unproven = new ArrayDeque<>();
  private final AtomicBoolean provenFirst = new AtomicBoolean();

  void add(Line line) {
    if (line.inTurn.compareAndSet(false, true)) {
      of(line).add(line);
    }
  }

  void remove(Line line) {
    if (line.inTurn.compareAndSet(true, false)) {
      of(line).remove(line);
    }
  }

  /// The next one for which there is room.
  Optional<Line> next(Room room) {
    boolean first = !provenFirst.get();
    provenFirst.set(first);
    return next(room, first).or(() -> next(room, !first));
  }

  private Optional<Line> next(Room room, boolean ofProven) {
    Optional<Line> line =
        room.isThereFor(ofProven)
            ? Optional.ofNullable((ofProven ? proven : unproven).poll())
            : Optional.empty();
    line.ifPresent(taken -> taken.inTurn.set(false));
    return line;
  }

  private Queue<Line> of(Line line) {
    return line.proven.get() ? proven : unproven;
  }
}
