package dev.runhook.testkit.contract;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.util.Objects.requireNonNull;

import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.CountingIds;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One test's own account with a stack: all tests share a store and must not meet in it.
final class Scene {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Transactor transactor;
  private final CountingIds ids;
  private final AtomicInteger endpoints = new AtomicInteger();
  private final AccountId account;
  private final Stack stack;

  private Scene(Transactor transactor) {
    this.transactor = transactor;
    this.ids =
        new CountingIds(
            () -> transactor.<Instant>inTransaction(UnitOfWork::now), NUMBER.incrementAndGet());
    this.account = new AccountId("a-" + ids.next());
    this.stack = Stack.named(new StackId(account, "demo"), "Demo");
  }

  static Scene on(Transactor transactor) {
    Scene scene = new Scene(transactor);
    transactor.run(unit -> unit.stacks().save(scene.stack));
    return scene;
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

  StackId newStack(String slug) {
    StackId id = new StackId(account, slug);
    transactor.run(unit -> unit.stacks().save(Stack.named(id, slug)));
    return id;
  }

  UUID newId() {
    return ids.next();
  }

  Instant now() {
    return transactor.<Instant>inTransaction(UnitOfWork::now).truncatedTo(MILLIS);
  }

  Instant nowIn(UnitOfWork unit) {
    return unit.now().truncatedTo(MILLIS);
  }

  <T extends @Nullable Object> T in(Function<UnitOfWork, T> work) {
    return transactor.<T>inTransaction(work);
  }

  Endpoint newEndpoint() {
    return Samples.endpoint(endpoints.incrementAndGet());
  }

  Webhook newWebhook(StackId on, Endpoint endpoint) {
    return Samples.webhook(new WebhookId(ids.next()), on, endpoint, now());
  }

  Webhook webhook() {
    return webhook(Health.healthy());
  }

  Webhook webhook(Health health) {
    Webhook plain = newWebhook(stackId(), newEndpoint());
    Webhook webhook =
        new Webhook(
            plain.id(),
            plain.stack(),
            plain.settings(),
            plain.revision(),
            plain.keys(),
            health,
            plain.createdAt(),
            plain.updatedAt());
    transactor.run(unit -> unit.webhooks().add(webhook));
    return webhook;
  }

  void judge(Webhook webhook, Health health) {
    transactor.run(unit -> {
      Webhook found = unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).orElseThrow();
      unit.webhooks().saveHealth(List.of(withHealth(found, health)));
    });
  }

  static Webhook withHealth(Webhook webhook, Health health) {
    return new Webhook(
        webhook.id(),
        webhook.stack(),
        webhook.settings(),
        webhook.revision(),
        webhook.keys(),
        health,
        webhook.createdAt(),
        webhook.updatedAt());
  }

  RunId run() {
    RunId id = new RunId(stackId(), ids.nextRunName());
    Run run = Samples.run(id, now());
    transactor.run(unit -> unit.runs().add(run));
    return id;
  }

  /// An id made by this unit's clock: a second unit must not be opened inside one.
  DeliveryId newDeliveryIdIn(UnitOfWork unit) {
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

  /// Moves the run by one version and adds what was said of it to a lane; leaves the delivery to
  /// the caller.
  NewDelivery move(UnitOfWork unit, Webhook webhook, RunId id, RunState state) {
    Run before = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
    EventId event = newEventIdIn(unit);
    RunMoved moved = Samples.moved(event, stack, before, state, unit.now().truncatedTo(MILLIS));
    unit.runs().save(List.of(moved.run()), List.of());
    unit.runs().addTransitions(List.of(moved));
    return delivery(unit, webhook, moved, Payload.of("{\"event\":\"" + event + "\"}"));
  }

  NewDelivery move(UnitOfWork unit, Webhook webhook, RunId id) {
    return move(unit, webhook, id, RunState.PREPARING);
  }

  NewDelivery ping(UnitOfWork unit, Webhook webhook) {
    Event.PingTarget target =
        new Event.PingTarget(webhook.id().toString(), webhook.settings().endpoint().text());
    EventId event = newEventIdIn(unit);
    return delivery(
        unit,
        webhook,
        new Event.Ping(event, stack, unit.now().truncatedTo(MILLIS), target),
        Payload.of("{\"event\":\"ping\"}"));
  }

  NewDelivery delivery(UnitOfWork unit, Webhook webhook, Event event, Payload payload) {
    unit.events().add(List.of(new RenderedEvent(event, payload)));
    Letter letter =
        new Letter(
            event.id(), event.kind(), moveOf(event), payload, Optional.empty(), traceOf(event));
    return new NewDelivery(newDeliveryIdIn(unit), webhook, letter, false);
  }

  private static Optional<TraceContext> traceOf(Event event) {
    return event instanceof RunMoved moved ? moved.trace() : Optional.empty();
  }

  private static Optional<Delivery.Move> moveOf(Event event) {
    return event instanceof RunMoved moved
        ? Optional.of(
            new Delivery.Move(
                moved.run().id().name(), moved.transition().state(), moved.transition().version()))
        : Optional.empty();
  }

  /// Moves the run and adds a delivery of that, which nobody has leased.
  DeliveryId deliver(Webhook webhook, RunId run) {
    return deliver(webhook, run, RunState.PREPARING);
  }

  DeliveryId deliver(Webhook webhook, RunId run, RunState state) {
    return in(unit -> {
      NewDelivery delivery = move(unit, webhook, run, state);
      add(unit, List.of(delivery), Duration.ZERO);
      return delivery.id();
    });
  }

  /// Adds deliveries of one run, of which their webhooks are told by them.
  List<Parcel> add(UnitOfWork unit, List<NewDelivery> deliveries, Duration lease) {
    List<Parcel> leased = unit.deliveries().add(deliveries, lease);
    NewDelivery one = deliveries.getFirst();
    String name = one.letter().move().orElseThrow().run();
    var runs = unit.runs().findForUpdate(List.of(new RunId(one.webhook().stack(), name)));
    unit.runs().save(runs.values(), deliveries);
    return leased;
  }

  private EventId newEventIdIn(UnitOfWork unit) {
    return new EventId(ids.nextAt(unit.now()));
  }
}
