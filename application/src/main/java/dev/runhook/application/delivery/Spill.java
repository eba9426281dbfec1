package dev.runhook.application.delivery;

import java.util.EnumSet;
import java.util.Set;

/// Remembers for whom there was no room, so that the store holds more of them. Guarded by the
/// queue's lock.
final class Spill {
  private final Room room;
  private final Set<Reputation> over = EnumSet.noneOf(Reputation.class);

  Spill(Room room) {
    this.room = room;
  }

  void note(Reputation who) {
    over.add(who);
  }

  void noteWhatIsFull() {
    for (Reputation who : Reputation.values()) {
      if (!room.isThereFor(who)) {
        note(who);
      }
    }
  }

  /// Whether there is room again for some of them, who are forgotten then.
  boolean canBeTaken() {
    return over.removeIf(room::isAmpleFor);
  }
}
