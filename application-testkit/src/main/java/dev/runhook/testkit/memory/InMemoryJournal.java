package dev.runhook.testkit.memory;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.memory.InMemoryDatabase.RunWebhookKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Stores what is recorded in the rows of a unit of work.
final class InMemoryJournal {
  private final InMemoryUnitOfWork unit;
  private final InMemoryDatabase database;

  InMemoryJournal(InMemoryUnitOfWork unit) {
    this.unit = unit;
    this.database = unit.database();
  }

  /// Waits for the webhooks that the operational events are about, and for the lanes of the
  /// deliveries.
  static void lock(InMemoryUnitOfWork unit, JournalEntry entry) {
    Map<EventId, Event> events = new LinkedHashMap<>();
    for (RenderedEvent rendered : entry.events()) {
      events.put(rendered.event().id(), rendered.event());
      if (rendered.event() instanceof OperationalEvent event) {
        unit.lock(new WebhookId(UUID.fromString(event.webhook().id())));
      }
    }
    for (NewDelivery added : entry.deliveries()) {
      Optional.ofNullable(events.get(added.content().event()))
          .or(() -> unit.database().events.find(added.content().event()).map(RenderedEvent::event))
          .flatMap(event -> DeliveryRow.lane(added, event))
          .ifPresent(unit::lockRow);
    }
  }

  List<LeasedDelivery> append(JournalEntry entry, Duration minimumLease) {
    entry.events().forEach(this::insert);
    entry.skipped().forEach(skip -> database.skippedDeliveries.add(skip, skip));
    insert(entry.deliveries());
    entry.runs().forEach(this::update);
    Set<RunId> runs = entry.runs().stream().map(Run::id).collect(Collectors.toSet());
    entry.deliveries().stream()
        .filter(added -> added.run().filter(runs::contains).isPresent())
        .forEach(added -> RunWebhookKey.of(added).ifPresent(key -> notified(key, version(added))));
    return lease(entry.deliveries(), minimumLease);
  }

  private void notified(RunWebhookKey key, long version) {
    long last = database.lastNotifiedVersions.find(key).orElse(version);
    database.lastNotifiedVersions.put(key, Math.max(last, version));
  }

  private void insert(RenderedEvent rendered) {
    if (!database.events.add(rendered.event().id(), rendered)) {
      throw new IllegalStateException("duplicate event " + rendered.event().id());
    }
    if (rendered.event() instanceof RunStateChanged change) {
      Transition transition = change.transition();
      unit.requireLocked(transition.run());
      TransitionKey key = new TransitionKey(transition.run(), transition.version());
      database.transitions.put(key, transition);
      database.recordedTimes.put(key, unit.now());
    }
  }

  private void insert(List<NewDelivery> deliveries) {
    Map<RunWebhookKey, Long> versions = new HashMap<>(database.lastNotifiedVersions.toMap());
    deliveries.stream()
        .sorted(comparingLong(InMemoryJournal::version))
        .forEach(added -> insert(added, versions));
    new InMemoryLanes(database, unit.now())
        .promoteNext(deliveries.stream().map(added -> row(added.id())).toList());
  }

  /// @param versions the last versions that are sent to the webhooks, with those of this call
  private void insert(NewDelivery added, Map<RunWebhookKey, Long> versions) {
    RenderedEvent rendered = database.events.get(added.content().event());
    if (rendered == null) {
      throw new IllegalStateException("unknown event " + added.content().event());
    }
    Optional<RunWebhookKey> key = RunWebhookKey.of(added);
    DeliveryRow row =
        DeliveryRow.of(
            added, rendered.event(), key.flatMap(of -> Optional.ofNullable(versions.get(of))));
    key.ifPresent(of -> versions.put(of, row.version()));
    added.run().ifPresent(unit::requireLocked);
    if (!database.deliveries.add(row.id(), row)) {
      throw new IllegalStateException("duplicate delivery " + row.id());
    }
  }

  private void update(Run run) {
    unit.requireLocked(run.id());
    database.runs.update(
        run.id(),
        old -> {
          if (run.progress().version() < old.progress().version()) {
            throw new IllegalStateException("the run would return to an earlier version");
          }
          return new Run(run.id(), old.details(), old.createdAt(), run.progress(), run.delta());
        });
  }

  private List<LeasedDelivery> lease(List<NewDelivery> deliveries, Duration minimum) {
    List<LeasedDelivery> leased = new ArrayList<>();
    for (NewDelivery added : deliveries) {
      DeliveryRow row = row(added.id());
      if (added.leaseIfHead() && row.state().isDue(unit.now())) {
        Duration lease = Lease.durationFor(added.webhook(), minimum);
        DeliveryRow claimed = row.withState(row.state().leased(unit.now(), lease));
        database.put(claimed);
        leased.add(claimed.toLeasedDelivery(added.webhook()));
      }
    }
    return leased;
  }

  private DeliveryRow row(DeliveryId id) {
    return database.deliveries.find(id).orElseThrow();
  }

  private static long version(NewDelivery added) {
    return added.content().transition().map(TransitionRef::version).orElse(0L);
  }
}
