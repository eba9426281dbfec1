package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The parcels that this process holds. Webhooks take turns; each has at most so many under way, so
/// that one that hangs fills its own places and nobody else's. What it keeps waiting is bounded as
/// well, by webhook and in all: the rest is better off in the store. Thread-safe.
final class FairQueue {
  /// How much may wait in memory for each place under way.
  private static final int WAITING_PER_PLACE = 4;

  private final int places;
  private final int placesPerWebhook;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<WebhookId, Line> lines = new HashMap<>();
  private final Queue<Line> turns = new ArrayDeque<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicBoolean spilled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  FairQueue(int places, int placesPerWebhook) {
    this.places = places;
    this.placesPerWebhook = placesPerWebhook;
  }

  /// A parcel and the tick after which it is too late to begin with it.
  record Waiting(Parcel parcel, long beginBefore) {
    WebhookId webhook() {
      return parcel.webhook().id();
    }
  }

  /// Keeps a place for one parcel; false when there is none, which [#ended] remembers.
  boolean reserve(WebhookId webhook) {
    return locked(() -> {
      Line line = lines.computeIfAbsent(webhook, Line::new);
      boolean room =
          !closed.get()
              && held.get() < capacity()
              && line.held() < line.allowed.get() * WAITING_PER_PLACE;
      if (room) {
        line.reserved.incrementAndGet();
        held.incrementAndGet();
      } else {
        line.spilled.set(true);
        spilled.set(true);
        forgetIfEmpty(line);
      }
      return room;
    });
  }

  void giveBack(WebhookId webhook) {
    locked(() -> {
      Line line = line(webhook);
      line.reserved.decrementAndGet();
      held.decrementAndGet();
      forgetIfEmpty(line);
      return true;
    });
  }

  /// Adds a parcel for which a place was reserved.
  void addReserved(Waiting waiting) {
    locked(() -> {
      Line line = line(waiting.webhook());
      line.reserved.decrementAndGet();
      enqueue(line, waiting);
      return true;
    });
  }

  /// Adds a parcel that was taken from the store, whatever is held already.
  void add(Waiting waiting) {
    locked(() -> {
      held.incrementAndGet();
      enqueue(lines.computeIfAbsent(waiting.webhook(), Line::new), waiting);
      return true;
    });
  }

  /// The next parcel whose webhook has its turn and a free place; it is under way until [#ended].
  Optional<Waiting> take() {
    return locked(() -> {
      Line line = underWay.get() < places ? turns.poll() : null;
      if (line == null) {
        return Optional.<Waiting>empty();
      }
      line.inTurn.set(false);
      Waiting next = line.waiting.remove();
      line.underWay.incrementAndGet();
      underWay.incrementAndGet();
      takeTurnIfAble(line);
      return Optional.of(next);
    });
  }

  /// Lets a webhook that is well again begin with one attempt at a time; each success doubles that,
  /// up to the usual.
  void rampUp(WebhookId webhook) {
    locked(() -> {
      lines.computeIfAbsent(webhook, Line::new).allowed.set(1);
      return true;
    });
  }

  /// What was under way has ended. Says whether the store should be asked for more, because some
  /// was not reserved for want of room.
  boolean ended(WebhookId webhook, boolean delivered) {
    return locked(() -> {
      Line line = line(webhook);
      if (delivered) {
        line.allowed.updateAndGet(allowed -> Math.min(placesPerWebhook, 2 * allowed));
      }
      line.underWay.decrementAndGet();
      underWay.decrementAndGet();
      held.decrementAndGet();
      takeTurnIfAble(line);
      boolean more = line.held() < placesPerWebhook && line.spilled.getAndSet(false);
      boolean moreOfAny = held.get() < capacity() / 2 && spilled.getAndSet(false);
      forgetIfEmpty(line);
      return more || moreOfAny;
    });
  }

  /// Takes out what waits for that webhook.
  List<Waiting> drop(WebhookId webhook) {
    return locked(() -> {
      Line line = lines.get(webhook);
      return line == null ? List.<Waiting>of() : emptied(line);
    });
  }

  /// Lets nothing more be reserved and takes out all that waits.
  List<Waiting> close() {
    return locked(() -> {
      closed.set(true);
      return List.copyOf(lines.values()).stream().flatMap(line -> emptied(line).stream()).toList();
    });
  }

  boolean isClosed() {
    return closed.get();
  }

  /// How many more parcels fit in.
  int free() {
    return closed.get() ? 0 : Math.max(0, capacity() - held.get());
  }

  /// How many parcels are held of each webhook of which there are any.
  Map<WebhookId, Integer> heldByWebhook() {
    return locked(() -> {
      Map<WebhookId, Integer> counts = new HashMap<>();
      lines.forEach((webhook, line) -> counts.put(webhook, line.held()));
      return counts;
    });
  }

  private int capacity() {
    return places * WAITING_PER_PLACE;
  }

  private Line line(WebhookId webhook) {
    Line line = lines.get(webhook);
    if (line == null) {
      throw new IllegalStateException("nothing is held of webhook " + webhook);
    }
    return line;
  }

  private void enqueue(Line line, Waiting waiting) {
    line.waiting.add(waiting);
    takeTurnIfAble(line);
  }

  private void takeTurnIfAble(Line line) {
    boolean able = !line.waiting.isEmpty() && line.underWay.get() < line.allowed.get();
    if (able && line.inTurn.compareAndSet(false, true)) {
      turns.add(line);
    }
  }

  private List<Waiting> emptied(Line line) {
    List<Waiting> out = new ArrayList<>(line.waiting);
    line.waiting.clear();
    held.addAndGet(-out.size());
    if (line.inTurn.getAndSet(false)) {
      turns.remove(line);
    }
    forgetIfEmpty(line);
    return out;
  }

  private void forgetIfEmpty(Line line) {
    if (line.held() == 0 && line.allowed.get() == placesPerWebhook) {
      lines.remove(line.webhook);
    }
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /// What is held of one webhook; guarded by the queue's lock.
  private final class Line {
    final WebhookId webhook;
    final Queue<Waiting> waiting = new ArrayDeque<>();
    final AtomicInteger reserved = new AtomicInteger();
    final AtomicInteger underWay = new AtomicInteger();
    final AtomicInteger allowed = new AtomicInteger(placesPerWebhook);
    final AtomicBoolean inTurn = new AtomicBoolean();
    final AtomicBoolean spilled = new AtomicBoolean();

    Line(WebhookId webhook) {
      this.webhook = webhook;
    }

    int held() {
      return reserved.get() + waiting.size() + underWay.get();
    }
  }
}
