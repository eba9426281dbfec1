package dev.runhook.application.dispatch;

import java.util.concurrent.atomic.AtomicInteger;

/// How much there is room for, in all, and of it by reputation: failing webhooks can together take
/// a half, and with the uncertain ones three quarters. So a crowd of receivers that hang leaves
/// room for newcomers, and both leave some for webhooks that are well. Guarded by the queue's lock.
final class CapacityPool {
  private final int all;
  private final int forUnproven;
  private final int forFailing;
  private final AtomicInteger proven = new AtomicInteger();
  private final AtomicInteger uncertain = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();

  CapacityPool(int all) {
    this.all = all;
    this.forUnproven = all - all / 4;
    this.forFailing = all - all / 2;
  }

  boolean hasRoom(ReceiverClass who) {
    return freeSlots(who) > 0;
  }

  /// How much webhooks of that reputation can still take. Failing ones may hold more than their
  /// part, since they may have taken it while they were well; that is not at the expense of the
  /// uncertain.
  int freeSlots(ReceiverClass who) {
    int ofTheirs =
        switch (who) {
          case HEALTHY -> all;
          case UNKNOWN -> forUnproven - uncertain.get() - Math.min(failing.get(), forFailing);
          case FAILING -> Math.min(forUnproven - uncertain.get(), forFailing) - failing.get();
        };
    int ofAll = all - proven.get() - uncertain.get() - failing.get();
    return Math.max(0, Math.min(ofTheirs, ofAll));
  }

  /// Whether so much is free for them that asking for more is worth while.
  boolean hasAmpleRoom(ReceiverClass who) {
    int most =
        switch (who) {
          case HEALTHY -> all;
          case UNKNOWN -> forUnproven;
          case FAILING -> forFailing;
        };
    return hasRoom(who) && freeSlots(who) >= most / 4;
  }

  void acquire(ReceiverClass who) {
    takenBy(who).incrementAndGet();
  }

  void release(ReceiverClass who, int many) {
    takenBy(who).addAndGet(-many);
  }

  /// One that holds so much has another reputation now.
  void transfer(ReceiverClass before, ReceiverClass after, int many) {
    takenBy(before).addAndGet(-many);
    takenBy(after).addAndGet(many);
  }

  private AtomicInteger takenBy(ReceiverClass who) {
    return switch (who) {
      case HEALTHY -> proven;
      case UNKNOWN -> uncertain;
      case FAILING -> failing;
    };
  }
}
