package dev.runhook.testkit.contract;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.util.Objects.requireNonNull;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Events.RenderedEvent;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An account with one stack for a single test. All tests share a store, so they must not share
/// data.
final class ContractFixture {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Transactor transactor;
  private final SequentialIdGenerator ids;
  private final AtomicInteger endpoints = new AtomicInteger();
  private final AccountId account;
  private final Stack stack;

  private ContractFixture(Transactor transactor) {
    this.transactor = transactor;
    this.ids =
        new SequentialIdGenerator(
            () -> transactor.<Instant>inTransaction(UnitOfWork::now), NUMBER.incrementAndGet());
    this.account = new AccountId("a-" + ids.next());
    this.stack = Stack.named(new StackId(account, "demo"), "Demo");
  }

  static ContractFixture on(Transactor transactor) {
    ContractFixture fixture = new ContractFixture(transactor);
    transactor.run(unit -> unit.stacks().save(fixture.stack));
    return fixture;
  }

  AccountId account() {
    return account;
  }

  Stack stack() {
    return stack;
  }

  StackId stackId() {
    return stack.id();
  }

  StackId addStack(String slug, String... labels) {
    StackId id = new StackId(account, slug);
    save(new Stack(id, slug, "", List.of(labels), Optional.empty(), Optional.empty()));
    return id;
  }

  void save(Stack stack) {
    transactor.run(unit -> unit.stacks().save(stack));
  }

  UUID newId() {
    return ids.next();
  }

  Instant now() {
    return transactor.<Instant>inTransaction(UnitOfWork::now).truncatedTo(MILLIS);
  }

  Instant timeOf(UnitOfWork unit) {
    return unit.now().truncatedTo(MILLIS);
  }

  <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return transactor.<T>inTransaction(work);
  }

  Endpoint newEndpoint() {
    return Samples.endpoint(endpoints.incrementAndGet());
  }

  Webhook unsavedWebhook(StackId on, Endpoint endpoint) {
    return Samples.webhook(new WebhookId(ids.next()), on, endpoint, now());
  }

  static Webhook withEvents(Webhook webhook, Set<Event.Kind> events) {
    WebhookSettings settings = webhook.settings();
    return webhook.edited(
        new WebhookSettings(
            settings.endpoint(),
            settings.name(),
            settings.subscription().withEvents(events),
            settings.headers(),
            settings.delivery()),
        webhook.updatedAt());
  }

  Webhook addWebhook() {
    return addWebhook(Health.healthy());
  }

  Webhook addWebhook(Health health) {
    Webhook webhook = Samples.withHealth(unsavedWebhook(stackId(), newEndpoint()), health);
    transactor.run(unit -> unit.webhooks().add(webhook));
    return webhook;
  }

  Webhook addWebhook(DeliverySettings delivery) {
    Webhook plain = unsavedWebhook(stackId(), newEndpoint());
    WebhookSettings settings = plain.settings();
    Webhook webhook =
        plain.edited(
            new WebhookSettings(
                settings.endpoint(),
                settings.name(),
                settings.subscription(),
                settings.headers(),
                delivery),
            now());
    transactor.run(unit -> unit.webhooks().add(webhook));
    return webhook;
  }

  void saveHealth(Webhook webhook, Health health) {
    transactor.run(unit -> {
      Webhook found = unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).orElseThrow();
      unit.webhooks().saveHealth(List.of(Samples.withHealth(found, health)));
    });
  }

  RunId addRun() {
    return addRun(now());
  }

  RunId addRun(Instant createdAt) {
    return addRun(stackId(), Samples.runDetails(), createdAt);
  }

  RunId addRun(StackId on, RunDetails details, Instant createdAt) {
    RunId id = new RunId(on, ids.nextRunName());
    RunProgress progress = new RunProgress(RunState.QUEUED, 1);
    Run run = new Run(id, details, createdAt, progress, Optional.empty());
    transactor.run(unit -> unit.runs().add(run));
    return id;
  }

  /// Uses the time of this unit of work, because a second one cannot be opened inside it.
  DeliveryId newDeliveryId(UnitOfWork unit) {
    return new DeliveryId(ids.nextAt(unit.now()));
  }

  WebhookId newWebhookId() {
    return new WebhookId(ids.next());
  }

  TokenId newTokenId() {
    return new TokenId(ids.next());
  }

  EventId newEventId() {
    return new EventId(ids.next());
  }

  /// Records the next transition of the run and its event. The caller adds the returned delivery.
  NewDelivery recordTransition(UnitOfWork unit, Webhook webhook, RunId id, RunState state) {
    Run before = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
    EventId event = newEventId(unit);
    RunStateChanged change =
        Samples.runStateChanged(event, stack, before, state, unit.now().truncatedTo(MILLIS));
    unit.runs().save(List.of(change.run()), List.of());
    return newDelivery(unit, webhook, change, Payload.of("{\"event\":\"" + event + "\"}"));
  }

  NewDelivery recordTransition(UnitOfWork unit, Webhook webhook, RunId id) {
    return recordTransition(unit, webhook, id, RunState.PREPARING);
  }

  NewDelivery newPing(UnitOfWork unit, Webhook webhook) {
    return newPing(unit, webhook, Payload.of("{\"event\":\"ping\"}"));
  }

  NewDelivery newPing(UnitOfWork unit, Webhook webhook, Payload payload) {
    Event.PingTarget target =
        new Event.PingTarget(webhook.id().toString(), webhook.settings().endpoint().text());
    EventId event = newEventId(unit);
    return newDelivery(
        unit,
        webhook,
        new Event.Ping(event, stack, unit.now().truncatedTo(MILLIS), target),
        payload);
  }

  NewDelivery newDelivery(UnitOfWork unit, Webhook webhook, Event event, Payload payload) {
    unit.events().add(List.of(new RenderedEvent(event, payload)));
    DeliveryContent content =
        new DeliveryContent(
            event.id(),
            event.kind(),
            transitionOf(event),
            payload,
            Optional.empty(),
            traceOf(event));
    return new NewDelivery(newDeliveryId(unit), webhook, content, false);
  }

  private static Optional<TraceContext> traceOf(Event event) {
    return event instanceof RunStateChanged change ? change.trace() : Optional.empty();
  }

  private static Optional<Delivery.TransitionRef> transitionOf(Event event) {
    return event instanceof RunStateChanged change
        ? Optional.of(
            new Delivery.TransitionRef(
                change.run().id().name(),
                change.transition().state(),
                change.transition().version()))
        : Optional.empty();
  }

  /// Records a transition and adds an unleased delivery of it.
  DeliveryId addDelivery(Webhook webhook, RunId run) {
    return addDelivery(webhook, run, RunState.PREPARING);
  }

  DeliveryId addDelivery(Webhook webhook, RunId run, RunState state) {
    return inTransaction(unit -> {
      NewDelivery delivery = recordTransition(unit, webhook, run, state);
      addDeliveries(unit, List.of(delivery), Duration.ZERO);
      return delivery.id();
    });
  }

  /// Adds deliveries of one run and saves them as the last notified versions of their webhooks.
  List<LeasedDelivery> addDeliveries(
      UnitOfWork unit, List<NewDelivery> deliveries, Duration lease) {
    List<LeasedDelivery> leased = unit.deliveries().add(deliveries, lease);
    NewDelivery one = deliveries.getFirst();
    String name = one.content().transition().orElseThrow().run();
    var runs = unit.runs().findForUpdate(List.of(new RunId(one.webhook().stack(), name)));
    unit.runs().save(runs.values(), deliveries);
    return leased;
  }

  private EventId newEventId(UnitOfWork unit) {
    return new EventId(ids.nextAt(unit.now()));
  }
}
