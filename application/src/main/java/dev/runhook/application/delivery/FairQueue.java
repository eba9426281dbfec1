package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The parcels that this process holds, from the place kept for them until they are settled.
/// Webhooks take turns; each has at most so many under way, so that one that hangs fills its own
/// places and nobody else's, and a crowd that hangs no more than a part ([Room]). What is held
/// beside is bounded as well, by webhook and in all: the rest is better off in the store. What has
/// ended keeps its place among all until it is settled, for a crash would have it sent again: so no
/// more than that comes twice, and where settling is slow, sending slows down with it. Thread-safe.
final class FairQueue {
  /// How much may be held in memory for each place under way.
  private static final int HELD_PER_PLACE = 4;

  private final Room places;
  private final Room memory;
  private final Spill spill;
  private final Lines lines;
  private final Turns turns = new Turns();
  private final AtomicBoolean closed = new AtomicBoolean();

  FairQueue(int places, int placesPerWebhook) {
    this.places = new Room(places);
    this.memory = new Room(places * HELD_PER_PLACE);
    this.spill = new Spill(memory);
    this.lines = new Lines(placesPerWebhook);
  }

  /// A parcel and the tick after which it is too late to begin with it.
  record Waiting(Parcel parcel, long beginBefore) {
    WebhookId webhook() {
      return parcel.webhook().id();
    }
  }

  /// Keeps a place for one parcel; false when there is none, which [#settled] remembers.
  synchronized boolean reserve(WebhookId webhook) {
    Line line = lines.of(webhook);
    boolean fits = memory.isThereFor(line.reputation());
    boolean room = !isClosed() && fits && line.held() < line.allowed.get() * HELD_PER_PLACE;
    if (room) {
      line.reserved.incrementAndGet();
      memory.take(line.reputation());
    } else {
      line.spilled.set(true);
      if (!fits) {
        spill.note(line.reputation());
      }
      lines.forgetIfEmpty(line);
    }
    return room;
  }

  synchronized void giveBack(WebhookId webhook) {
    Line line = lines.of(webhook);
    letGo(line, line.reserved);
  }

  /// Adds a parcel for which a place was reserved.
  synchronized void addReserved(Waiting waiting) {
    Line line = lines.of(waiting.webhook());
    line.reserved.decrementAndGet();
    enqueue(line, waiting);
  }

  /// Adds a parcel that was taken from the store, whatever is held already.
  synchronized void add(Waiting waiting) {
    Line line = lines.of(waiting.webhook());
    memory.take(line.reputation());
    enqueue(line, waiting);
  }

  /// The next parcel whose webhook has its turn and a free place; it is under way until [#ended].
  synchronized Optional<Waiting> take() {
    return isClosed() ? Optional.empty() : turns.next(places).map(this::begun);
  }

  /// An attempt has ended; its webhook's place is free, and its place among all until [#settled].
  synchronized void ended(WebhookId webhook, boolean delivered) {
    Line line = lines.of(webhook);
    if (delivered) {
      line.succeeded();
    }
    end(line);
    become(line, line.reputation().after(delivered));
    takeTurnIfAble(line);
  }

  /// As [#ended], for what tells nothing of the receiver: it was not sent, or the fault is ours.
  synchronized void abandoned(WebhookId webhook) {
    Line line = lines.of(webhook);
    end(line);
    takeTurnIfAble(line);
  }

  /// An ended attempt is settled, or never will be. Says whether the store should be asked for
  /// more, for which there was no room before.
  synchronized boolean settled(WebhookId webhook) {
    Line line = lines.of(webhook);
    places.leave(line.reputation(), 1);
    letGo(line, line.unsettled);
    boolean moreOfIt = !lines.isFull(line) && line.spilled.getAndSet(false);
    boolean moreOfAny = spill.canBeTaken();
    return moreOfIt || moreOfAny;
  }

  /// Remembers that the store may hold more of those webhooks that are full, and of all where
  /// everything is.
  synchronized void rememberWhatIsFull() {
    spill.noteWhatIsFull();
    lines.all().forEach(line -> line.spilled.compareAndSet(false, lines.isFull(line)));
  }

  /// Lets a webhook that is well again begin with one attempt at a time; each success doubles that,
  /// up to the usual.
  synchronized void rampUp(WebhookId webhook) {
    lines.of(webhook).allowed.set(1);
  }

  /// Takes out what waits for that webhook.
  synchronized List<Waiting> drop(WebhookId webhook) {
    return emptied(lines.of(webhook));
  }

  /// Lets nothing more be reserved or taken, and takes out all that waits.
  synchronized List<Waiting> close() {
    closed.set(true);
    return lines.all().stream().flatMap(line -> emptied(line).stream()).toList();
  }

  boolean isClosed() {
    return closed.get();
  }

  /// How many more parcels of webhooks of that reputation fit in.
  synchronized int freeFor(Reputation who) {
    return isClosed() ? 0 : memory.freeFor(who);
  }

  /// How many parcels are held of each webhook of which there are any.
  synchronized Map<WebhookId, Integer> heldByWebhook() {
    return lines.held();
  }

  private Waiting begun(Line line) {
    Waiting next = line.waiting.remove();
    line.underWay.incrementAndGet();
    places.take(line.reputation());
    takeTurnIfAble(line);
    return next;
  }

  private void enqueue(Line line, Waiting waiting) {
    line.waiting.add(waiting);
    become(line, line.reputation().given(waiting.parcel().webhook().health()));
    takeTurnIfAble(line);
  }

  private void end(Line line) {
    line.underWay.decrementAndGet();
    line.unsettled.incrementAndGet();
  }

  private void become(Line line, Reputation next) {
    Reputation before = line.reputation();
    if (next != before) {
      turns.remove(line);
      lines.become(line, next);
      memory.change(before, next, line.held());
      places.change(before, next, line.underWay.get() + line.unsettled.get());
    }
  }

  private void takeTurnIfAble(Line line) {
    if (line.canStart()) {
      turns.add(line);
    }
  }

  private void letGo(Line line, AtomicInteger counted) {
    counted.decrementAndGet();
    memory.leave(line.reputation(), 1);
    lines.forgetIfEmpty(line);
  }

  private List<Waiting> emptied(Line line) {
    List<Waiting> out = line.emptied();
    memory.leave(line.reputation(), out.size());
    turns.remove(line);
    lines.forgetIfEmpty(line);
    return out;
  }
}
