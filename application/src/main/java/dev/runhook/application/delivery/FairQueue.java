package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.webhook.WebhookId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The parcels that this process holds, from the place kept for them until they are settled.
/// Webhooks take turns; each has at most so many under way, so that one that hangs fills its own
/// places and nobody else's. What is held beside is bounded as well, by webhook and in all: the
/// rest is better off in the store. Where settling is slow, what is unsettled fills the room, and
/// sending slows down with it. Thread-safe.
final class FairQueue {
  /// How much may be held in memory for each place under way.
  private static final int HELD_PER_PLACE = 4;

  private final int placesPerWebhook;
  private final Room places;
  private final Room memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<WebhookId, Line> lines = new HashMap<>();
  private final Turns turns = new Turns();
  private final GoodNames goodNames = new GoodNames();
  private final AtomicBoolean spilled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  FairQueue(int places, int placesPerWebhook) {
    this.placesPerWebhook = placesPerWebhook;
    this.places = new Room(places);
    this.memory = new Room(places * HELD_PER_PLACE);
  }

  /// A parcel and the tick after which it is too late to begin with it.
  record Waiting(Parcel parcel, long beginBefore) {
    WebhookId webhook() {
      return parcel.webhook().id();
    }
  }

  /// Keeps a place for one parcel; false when there is none, which [#settled] remembers.
  boolean reserve(WebhookId webhook) {
    return locked(() -> {
      Line line = line(webhook);
      boolean fits = memory.isThereFor(line.proven.get());
      boolean room = !closed.get() && fits && line.held() < line.allowed.get() * HELD_PER_PLACE;
      if (room) {
        line.reserved.incrementAndGet();
        memory.take(line.proven.get());
      } else {
        line.spilled.set(true);
        spilled.compareAndSet(false, !fits);
        forgetIfEmpty(line);
      }
      return room;
    });
  }

  void giveBack(WebhookId webhook) {
    change(webhook, line -> letGo(line, line.reserved));
  }

  /// Adds a parcel for which a place was reserved.
  void addReserved(Waiting waiting) {
    change(
        waiting.webhook(),
        line -> {
          line.reserved.decrementAndGet();
          enqueue(line, waiting);
        });
  }

  /// Adds a parcel that was taken from the store, whatever is held already.
  void add(Waiting waiting) {
    change(
        waiting.webhook(),
        line -> {
          memory.take(line.proven.get());
          enqueue(line, waiting);
        });
  }

  /// The next parcel whose webhook has its turn and a free place; it is under way until [#ended].
  Optional<Waiting> take() {
    return locked(() -> closed.get() ? Optional.empty() : turns.next(places).map(this::begun));
  }

  private Waiting begun(Line line) {
    Waiting next = line.waiting.remove();
    line.underWay.incrementAndGet();
    places.take(line.proven.get());
    takeTurnIfAble(line);
    return next;
  }

  /// An attempt has ended; its place is free, and it is held until [#settled].
  void ended(WebhookId webhook, boolean delivered) {
    change(
        webhook,
        line -> {
          if (delivered) {
            line.succeeded();
          }
          line.underWay.decrementAndGet();
          places.leave(line.proven.get());
          line.unsettled.incrementAndGet();
          stand(line, delivered);
          takeTurnIfAble(line);
        });
  }

  /// An ended attempt is settled, or never will be. Says whether the store should be asked for
  /// more, for which there was no room before.
  boolean settled(WebhookId webhook) {
    return locked(() -> {
      Line line = line(webhook);
      letGo(line, line.unsettled);
      boolean more = line.held() < placesPerWebhook && line.spilled.getAndSet(false);
      boolean moreOfAny = memory.isAtLeastAQuarterFree() && spilled.getAndSet(false);
      forgetIfEmpty(line);
      return more || moreOfAny;
    });
  }

  /// Remembers that the store may hold more of those webhooks that are full, and more in all where
  /// everything is.
  void rememberWhatIsFull() {
    locked(() -> {
      spilled.compareAndSet(false, memory.free() == 0);
      lines
          .values()
          .forEach(line -> line.spilled.compareAndSet(false, line.held() >= placesPerWebhook));
      return true;
    });
  }

  /// Lets a webhook that is well again begin with one attempt at a time; each success doubles that,
  /// up to the usual.
  void rampUp(WebhookId webhook) {
    change(webhook, line -> line.allowed.set(1));
  }

  /// Takes out what waits for that webhook.
  List<Waiting> drop(WebhookId webhook) {
    return locked(() -> emptied(line(webhook)));
  }

  /// Lets nothing more be reserved or taken, and takes out all that waits.
  List<Waiting> close() {
    return locked(() -> {
      closed.set(true);
      return List.copyOf(lines.values()).stream().flatMap(line -> emptied(line).stream()).toList();
    });
  }

  boolean isClosed() {
    return closed.get();
  }

  /// How many more parcels fit in, whosever they are.
  int free() {
    return closed.get() ? 0 : locked(memory::free);
  }

  /// How many parcels are held of each webhook of which there are any.
  Map<WebhookId, Integer> heldByWebhook() {
    return locked(() -> {
      Map<WebhookId, Integer> counts = new HashMap<>();
      lines.values().stream()
          .filter(line -> line.held() > 0)
          .forEach(line -> counts.put(line.webhook, line.held()));
      return counts;
    });
  }

  private Line line(WebhookId webhook) {
    return lines.computeIfAbsent(webhook, id -> new Line(id, placesPerWebhook, goodNames.has(id)));
  }

  private void enqueue(Line line, Waiting waiting) {
    line.waiting.add(waiting);
    takeTurnIfAble(line);
  }

  private void takeTurnIfAble(Line line) {
    if (line.canStart()) {
      turns.add(line);
    }
  }

  /// What its last attempt ended with is its name until the next.
  private void stand(Line line, boolean proven) {
    goodNames.set(line.webhook, proven);
    if (line.proven.get() != proven) {
      turns.remove(line);
      line.proven.set(proven);
      memory.changeStanding(proven, line.held());
      places.changeStanding(proven, line.underWay.get());
    }
  }

  private void letGo(Line line, AtomicInteger counted) {
    counted.decrementAndGet();
    memory.leave(line.proven.get());
  }

  private List<Waiting> emptied(Line line) {
    List<Waiting> out = line.emptied();
    memory.leave(line.proven.get(), out.size());
    turns.remove(line);
    forgetIfEmpty(line);
    return out;
  }

  private void forgetIfEmpty(Line line) {
    if (line.isForgettable()) {
      lines.remove(line.webhook);
    }
  }

  private void change(WebhookId webhook, Consumer<Line> change) {
    locked(() -> {
      Line line = line(webhook);
      change.accept(line);
      forgetIfEmpty(line);
      return true;
    });
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
