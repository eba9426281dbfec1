package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.dispatch.AttemptPayload;
import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Transport.Phase;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookCopy;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Sends pings and test events to one webhook, even while it is paused, and to account webhooks.
final class TestDelivery {
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);
  private static final Commit COMMIT =
      new Commit(
          "0ee3f1c",
          "Update main.tf",
          "Octo Cat",
          Optional.of("octocat"),
          Optional.empty(),
          Optional.of("https://example.com/0ee3f1c"));

  private final Outbox outbox;
  private final DeliveryDependencies dependencies;
  private final AuditWriter auditWriter;

  TestDelivery(Outbox outbox, DeliveryDependencies dependencies, AuditWriter auditWriter) {
    this.outbox = outbox;
    this.dependencies = dependencies;
    this.auditWriter = auditWriter;
  }

  Delivery ping(StackId stack, WebhookId id, Actor actor) {
    return outbox.inTransaction((unit, writer) -> {
      Webhook webhook = requireEnabled(unit, stack, id);
      return send(unit, writer, webhook, ping(webhook, Require.stack(unit, stack)), actor);
    });
  }

  Delivery sample(StackId stack, WebhookId id, RunState state, Actor actor) {
    return outbox.inTransaction((unit, writer) -> {
      Webhook webhook = requireEnabled(unit, stack, id);
      return send(unit, writer, webhook, testEvent(Require.stack(unit, stack), state), actor);
    });
  }

  /// Sends a sample to an account webhook and waits for the response, at most [#MAX_WAIT]. Nothing
  /// is stored, because deliveries belong to the copies on stacks, of which there may be none.
  ///
  /// @param example the stack of the sample
  Attempt sample(AccountId account, WebhookId id, Stack example, RunState state, Actor actor) {
    Webhook webhook = requireTested(account, id, example, actor);
    return attempt(request(unstored(webhook, testEvent(example, state))), phase -> {});
  }

  /// Sends a ping to a webhook, and another one with forged signatures if its receiver should
  /// verify them. Waits for the responses, together no longer than the shorter of the timeout of
  /// the webhook and [#MAX_WAIT]. Nothing is stored, and the health of the webhook stays as it is.
  ///
  /// @param onResult gets each result as soon as it is known, from any thread
  List<ReceiverCheck> check(
      StackId stack, WebhookId id, Actor actor, Consumer<ReceiverCheck> onResult) {
    return check(
        outbox.inTransaction((unit, writer) -> {
          Webhook webhook = requireEnabled(unit, stack, id);
          auditWriter.write(unit, actor, AuditAction.WEBHOOK_PINGED, webhook, Map.of());
          return pings(webhook, Require.stack(unit, stack));
        }),
        onResult);
  }

  /// Checks the receiver of an account webhook in the same way.
  ///
  /// @param example the stack of the pings
  List<ReceiverCheck> check(
      AccountId account,
      WebhookId id,
      Stack example,
      Actor actor,
      Consumer<ReceiverCheck> onResult) {
    return check(pings(requireTested(account, id, example, actor), example), onResult);
  }

  private Webhook requireTested(AccountId account, WebhookId id, Stack example, Actor actor) {
    return outbox.inTransaction((unit, writer) -> {
      Webhook accountWebhook =
          Require.accountWebhook(unit.accountWebhooks().list(account), id)
              .withoutExpiredSecret(now());
      WebhookId copy = new WebhookId(dependencies.ids().next(example.id()));
      Webhook tested =
          Require.enabled(WebhookCopy.create(accountWebhook, example.id(), copy, now()));
      auditWriter.write(unit, actor, AuditAction.WEBHOOK_PINGED, accountWebhook, Map.of());
      return tested;
    });
  }

  /// Returns a ping for each request of a check.
  private List<LeasedDelivery> pings(Webhook webhook, Stack stack) {
    return List.of(
        unstored(webhook, ping(webhook, stack)), unstored(webhook, ping(webhook, stack)));
  }

  private List<ReceiverCheck> check(List<LeasedDelivery> pings, Consumer<ReceiverCheck> onResult) {
    SignedRequest request = request(pings.getFirst());
    CheckResults results = new CheckResults(onResult);
    boolean isTls = request.endpoint().isTls();
    Attempt attempt =
        attempt(
            request,
            phase -> {
              switch (phase) {
                case RESOLVED -> results.add(ReceiverCheck.passed(ReceiverCheck.NAME_RESOLVES));
                case CONNECTED -> {
                  if (isTls) {
                    results.add(ReceiverCheck.passed(ReceiverCheck.TLS));
                  }
                }
              }
            });
    ReceiverCheck.ofDelivery(isTls, attempt.outcome(), attempt.duration()).forEach(results::add);
    results.add(
        attempt.outcome().isDelivered()
            ? checkForgery(pings.getLast(), request.timeout().minus(attempt.duration()))
            : ReceiverCheck.skipped(
                ReceiverCheck.VERIFIES,
                ReceiverCheck.findReasonToSkip(attempt.outcome())
                    .orElse("the signed request was not accepted")));
    return results.list();
  }

  private ReceiverCheck checkForgery(LeasedDelivery ping, Duration maxWait) {
    if (!ping.webhook().settings().delivery().format().isVerified()) {
      return ReceiverCheck.skipped(
          ReceiverCheck.VERIFIES, "receivers of this format do not verify signatures");
    }
    if (!maxWait.isPositive()) {
      return ReceiverCheck.skipped(ReceiverCheck.VERIFIES, "the first response took too long");
    }
    SignedRequest forged =
        dependencies
            .requestFactory()
            .forgedRequest(rendered(ping), now())
            .withTimeoutAtMost(maxWait);
    Outcome outcome = dependencies.transport().post(forged);
    return outcome.code() == Outcome.Code.TIMEOUT
        ? ReceiverCheck.skipped(
            ReceiverCheck.VERIFIES,
            "the receiver did not respond to the forged request within %d ms, the time that was left"
                .formatted(forged.timeout().toMillis()))
        : ReceiverCheck.ofForgery(outcome);
  }

  private LeasedDelivery unstored(Webhook webhook, Event event) {
    DeliveryId id = new DeliveryId(dependencies.ids().next(event.stack().id()));
    return new LeasedDelivery(new Lease(id, 1, 0), webhook, content(event));
  }

  private LeasedDelivery rendered(LeasedDelivery delivery) {
    DeliverySettings settings = delivery.webhook().settings().delivery();
    return delivery.withPayload(
        AttemptPayload.of(dependencies.renderer(), delivery.content(), settings).payload());
  }

  private SignedRequest request(LeasedDelivery delivery) {
    return dependencies
        .requestFactory()
        .request(rendered(delivery), now())
        .withTimeoutAtMost(MAX_WAIT);
  }

  private Attempt attempt(SignedRequest request, Consumer<Phase> onPhase) {
    Instant sentAt = now();
    long start = dependencies.ticker().getAsLong();
    Outcome outcome = dependencies.transport().post(request, onPhase);
    Duration duration = Duration.ofNanos(dependencies.ticker().getAsLong() - start);
    return new Attempt(1, sentAt, duration, outcome);
  }

  /// Returns the test event that a webhook with these settings would get, and sends nothing.
  Payload preview(Stack stack, DeliverySettings settings, RunState state) {
    DeliveryContent content = content(testEvent(stack, state));
    return AttemptPayload.of(dependencies.renderer(), content, settings).payload();
  }

  private DeliveryContent content(Event event) {
    return new DeliveryContent(
        event.id(),
        event.kind(),
        Optional.empty(),
        dependencies.renderer().render(event),
        Optional.empty(),
        Optional.empty());
  }

  private Ping ping(Webhook webhook, Stack stack) {
    PingTarget target =
        new PingTarget(webhook.id().toString(), webhook.settings().endpoint().text());
    return new Ping(newEventId(stack.id()), stack, now(), target);
  }

  private TestEvent testEvent(Stack stack, RunState state) {
    NewRun newRun =
        NewRun.of(
            RunDetails.tracked("main", COMMIT),
            TransitionReport.of(new RunId(stack.id(), "test"), state));
    Instant now = now();
    Transition transition = newRun.firstTransition(now);
    return new TestEvent(
        new RunStateChanged(
            newEventId(stack.id()),
            stack,
            newRun.toRun(transition, now),
            transition,
            Optional.empty(),
            Optional.empty()));
  }

  private static Webhook requireEnabled(UnitOfWork unit, StackId stack, WebhookId id) {
    return Require.enabled(Require.webhookForUpdate(unit, stack, id));
  }

  private Delivery send(
      UnitOfWork unit, DeliveryWriter writer, Webhook webhook, Event event, Actor actor) {
    writer.add(event, List.of(webhook));
    DeliveryId delivery = writer.save().getFirst().id();
    unit.deliveries().probeWith(delivery);
    Map<AuditDetail, String> details = Map.of(AuditDetail.DELIVERY, delivery.toString());
    auditWriter.write(unit, actor, AuditAction.WEBHOOK_PINGED, webhook, details);
    return Require.delivery(unit, webhook.stack().account(), delivery);
  }

  private EventId newEventId(StackId stack) {
    return new EventId(dependencies.ids().next(stack));
  }

  private Instant now() {
    return dependencies.clock().instant().truncatedTo(MILLIS);
  }

  /// The results of the checks of a receiver. Each is reported once, as soon as it is known.
  /// Thread-safe.
  private static final class CheckResults {
    private final Map<String, ReceiverCheck> byName = new LinkedHashMap<>();
    private final Consumer<ReceiverCheck> onResult;

    CheckResults(Consumer<ReceiverCheck> onResult) {
      this.onResult = onResult;
    }

    /// Adds a result, unless the check already has one.
    synchronized void add(ReceiverCheck check) {
      if (byName.putIfAbsent(check.name(), check) == null) {
        onResult.accept(check);
      }
    }

    synchronized List<ReceiverCheck> list() {
      return List.copyOf(byName.values());
    }
  }
}
