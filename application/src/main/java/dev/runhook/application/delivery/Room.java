package dev.runhook.application.delivery;

import java.util.concurrent.atomic.AtomicInteger;

/// How much there is room for, in all, and of it by reputation: failing webhooks can together take
/// a half, and with the uncertain ones three quarters. So a crowd of receivers that hang leaves
/// room for newcomers, and both leave some for webhooks that are well. Guarded by the queue's lock.
final class Room {
  private final int all;
  private final int forUnproven;
  private final int forFailing;
  private final AtomicInteger proven = new AtomicInteger();
  private final AtomicInteger uncertain = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();

  Room(int all) {
    this.all = all;
    this.forUnproven = all - all / 4;
    this.forFailing = all - all / 2;
  }

  boolean isThereFor(Reputation who) {
    return freeFor(who) > 0;
  }

  /// How much webhooks of that reputation can still take. Failing ones may hold more than their
  /// part, since they may have taken it while they were well; that is not at the expense of the
  /// uncertain.
  int freeFor(Reputation who) {
    int ofTheirs =
        switch (who) {
          case PROVEN -> all;
          case UNCERTAIN -> forUnproven - uncertain.get() - Math.min(failing.get(), forFailing);
          case FAILING -> Math.min(forUnproven - uncertain.get(), forFailing) - failing.get();
        };
    int ofAll = all - proven.get() - uncertain.get() - failing.get();
    return Math.max(0, Math.min(ofTheirs, ofAll));
  }

  /// Whether so much is free for them that asking for more is worth while.
  boolean isAmpleFor(Reputation who) {
    int most =
        switch (who) {
          case PROVEN -> all;
          case UNCERTAIN -> forUnproven;
          case FAILING -> forFailing;
        };
    return isThereFor(who) && freeFor(who) >= most / 4;
  }

  void take(Reputation who) {
    takenBy(who).incrementAndGet();
  }

  void leave(Reputation who, int many) {
    takenBy(who).addAndGet(-many);
  }

  /// One that holds so much has another reputation now.
  void change(Reputation before, Reputation after, int many) {
    takenBy(before).addAndGet(-many);
    takenBy(after).addAndGet(many);
  }

  private AtomicInteger takenBy(Reputation who) {
    return switch (who) {
      case PROVEN -> proven;
      case UNCERTAIN -> uncertain;
      case FAILING -> failing;
    };
  }
}
