package dev.runhook.persistence;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Steps of the use cases, directly on the stores.
public final class StoreFixture {
  public static final Duration HOUR = Duration.ofHours(1);

  private StoreFixture() {}

  public static void addStack(UnitOfWork unit) {
    unit.stacks().save(Samples.stack());
  }

  public static Webhook addWebhook(UnitOfWork unit, int number) {
    Webhook webhook =
        Samples.webhook(
            new WebhookId(newId()), Samples.DEMO, Samples.endpoint(number), Samples.NOON);
    unit.webhooks().add(webhook);
    return webhook;
  }

  public static RunId addRun(UnitOfWork unit, String name) {
    RunId id = new RunId(Samples.DEMO, name);
    unit.runs().add(Samples.run(id, Samples.NOON));
    return id;
  }

  /// Records a transition of the run and queues a delivery to the webhook.
  public static NewDelivery recordTransition(UnitOfWork unit, Webhook webhook, RunId id) {
    NewDelivery delivery = addTransition(unit, webhook, id, false);
    unit.append(JournalEntries.ofDeliveries(List.of(delivery)), HOUR);
    return delivery;
  }

  /// Records a transition of the run. Leases the delivery if no other one of its lane is open.
  public static List<LeasedDelivery> recordAndLease(UnitOfWork unit, Webhook webhook, RunId id) {
    NewDelivery delivery = addTransition(unit, webhook, id, true);
    var runs = unit.runs().findForUpdate(List.of(id)).values();
    return unit.append(new JournalEntry(runs, List.of(), List.of(), List.of(delivery)), HOUR);
  }

  /// Records a transition of the run. The caller adds the returned delivery.
  public static NewDelivery addTransition(
      UnitOfWork unit, Webhook webhook, RunId id, boolean leaseIfHead) {
    Run before = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
    EventId event = new EventId(newId());
    RunStateChanged change =
        Samples.runStateChanged(event, Samples.stack(), before, RunState.PLANNING, Samples.NOON);
    Payload payload = Payload.of("{\"version\":" + change.transition().version() + "}");
    List<RenderedEvent> events = List.of(new RenderedEvent(change, payload));
    unit.append(new JournalEntry(List.of(change.run()), events, List.of(), List.of()), HOUR);
    TransitionRef ref =
        new TransitionRef(id.name(), RunState.PLANNING, change.transition().version());
    DeliveryContent content =
        new DeliveryContent(
            event,
            Event.Kind.RUN_STATE_CHANGED,
            Optional.of(ref),
            payload,
            Optional.empty(),
            Optional.empty());
    return new NewDelivery(new DeliveryId(newId()), webhook, content, leaseIfHead);
  }

  /// Records an operational event about a webhook and queues a delivery to another one.
  public static DeliveryId reportAbout(UnitOfWork unit, Webhook affected, Webhook receiver) {
    OperationalEvent event =
        new OperationalEvent(
            new EventId(newId()),
            Samples.stack(),
            Samples.NOON,
            new AffectedWebhook(affected.id().toString(), "", "https://hooks.example.com"),
            new Details.SecretRotated(Optional.empty(), Optional.empty()));
    Payload payload = Payload.of("{}");
    NewDelivery delivery =
        new NewDelivery(
            new DeliveryId(newId()), receiver, ContractFixture.contentOf(event, payload), false);
    List<RenderedEvent> events = List.of(new RenderedEvent(event, payload));
    unit.append(new JournalEntry(List.of(), events, List.of(), List.of(delivery)), HOUR);
    return delivery.id();
  }

  /// Completes the attempts. Returns the deliveries that another transaction has locked.
  public static Set<DeliveryId> complete(
      UnitOfWork unit, List<LeasedDelivery> leased, Disposition disposition) {
    List<CompletedAttempt> completed =
        leased.stream().map(delivery -> completed(delivery, disposition)).toList();
    var result = unit.deliveries().complete(completed);
    unit.deliveries().promoteNext(result.unblockedLanes(), Set.of(), HOUR);
    return result.busy().stream().map(Lease::delivery).collect(Collectors.toSet());
  }

  /// A delivered attempt.
  public static CompletedAttempt completed(LeasedDelivery delivery) {
    return completed(delivery, new Disposition.Delivered());
  }

  private static CompletedAttempt completed(LeasedDelivery delivery, Disposition disposition) {
    Outcome outcome =
        Outcome.Responded.of(disposition instanceof Disposition.Delivered ? 200 : 500);
    return new CompletedAttempt(
        delivery,
        new Attempt(delivery.lease().attempt(), Samples.NOON, Duration.ofMillis(5), outcome),
        disposition,
        Optional.empty(),
        0);
  }

  public static Set<DeliveryId> ids(List<LeasedDelivery> leased) {
    return leased.stream().map(delivery -> delivery.lease().delivery()).collect(Collectors.toSet());
  }

  public static UUID newId() {
    return UuidCreator.getTimeOrderedEpoch();
  }
}
