package dev.runhook.application.delivery;

import dev.runhook.application.delivery.FairQueue.Waiting;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// What a [FairQueue] holds of one webhook; guarded by the queue's lock.
final class Line {
  final WebhookId webhook;
  final Queue<Waiting> waiting = new ArrayDeque<>();
  final AtomicInteger reserved = new AtomicInteger();
  final AtomicInteger underWay = new AtomicInteger();

  /// Attempts that have ended and are not yet settled.
  final AtomicInteger unsettled = new AtomicInteger();

  /// How many may be under way; fewer than usual while it ramps up.
  final AtomicInteger allowed;

  /// Whether it stands in the queue of turns.
  final AtomicBoolean inTurn = new AtomicBoolean();

  /// Whether the store may hold more that there was no room for.
  final AtomicBoolean spilled = new AtomicBoolean();

  private final int usual;
  private final AtomicReference<Reputation> reputation;

  Line(WebhookId webhook, int usual, Reputation reputation) {
    this.webhook = webhook;
    this.usual = usual;
    this.reputation = new AtomicReference<>(reputation);
    this.allowed = new AtomicInteger(usual);
  }

  Reputation reputation() {
    return reputation.get();
  }

  void becomes(Reputation next) {
    reputation.set(next);
  }

  int held() {
    return reserved.get() + waiting.size() + underWay.get() + unsettled.get();
  }

  boolean canStart() {
    return !waiting.isEmpty() && underWay.get() < allowed.get();
  }

  boolean isForgettable() {
    return held() == 0 && allowed.get() == usual;
  }

  void succeeded() {
    allowed.updateAndGet(now -> Math.min(usual, 2 * now));
  }

  List<Waiting> emptied() {
    List<Waiting> out = new ArrayList<>(waiting);
    waiting.clear();
    return out;
  }
}
