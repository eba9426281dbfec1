package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// Makes one attempt: renders the event, builds and signs the request, and sends it. Every failure
/// becomes an outcome. Thread-safe.
final class AttemptRunner {
  private final DeliveryTransport transport;
  private final DispatchConfig config;
  private final DispatchContext context;

  /// By account. Who holds one may render.
  private final Map<AccountId, Lock> renderings = new ConcurrentHashMap<>();

  AttemptRunner(DeliveryTransport transport, DispatchConfig config, DispatchContext context) {
    this.transport = transport;
    this.config = config;
    this.context = context;
  }

  /// @param rendered what the attempt sends
  CompletedAttempt run(LeasedDelivery delivery, AttemptPayload rendered) {
    Instant startedAt = context.clock().instant();
    long startedAtNanos = context.ticker().getAsLong();
    SendResult sent = send(delivery, rendered.payload(), startedAt);
    long endedAtNanos = context.ticker().getAsLong();
    Duration duration = Duration.ofNanos(endedAtNanos - startedAtNanos);
    Attempt attempt = new Attempt(delivery.lease().attempt(), startedAt, duration, sent.outcome());
    return new CompletedAttempt(
        delivery,
        sent.snapshot().map(attempt::withRequest).orElse(attempt),
        config.dispositionAfter(delivery, startedAt, sent.outcome(), context.random()),
        rendered.error(),
        endedAtNanos);
  }

  /// Renders the event. The renderings of an account take turns, because a user's template can keep
  /// a processor busy, and the system does not preempt virtual threads.
  AttemptPayload render(LeasedDelivery delivery) {
    if (!AttemptPayload.needsRendering(
        delivery.content(), delivery.webhook().settings().delivery())) {
      return new AttemptPayload(delivery.content().payload(), Optional.empty());
    }
    Lock turn =
        renderings.computeIfAbsent(
            delivery.webhook().stack().account(), ignored -> new ReentrantLock(true));
    turn.lock();
    try {
      return renderNow(delivery);
    } finally {
      turn.unlock();
    }
  }

  /// A bug must not prevent the delivery, and is visible to users.
  private AttemptPayload renderNow(LeasedDelivery delivery) {
    DeliveryContent content = delivery.content();
    try {
      return AttemptPayload.of(
          transport.renderer(), content, delivery.webhook().settings().delivery());
    } catch (RuntimeException | Error bug) {
      transport.observer().onError("rendering delivery " + delivery.lease().delivery(), bug);
      return new AttemptPayload(
          content.payload(),
          Optional.of("Runhook failed to render the event: " + bug.getClass().getSimpleName()));
    }
  }

  /// @param snapshot absent if no request left this process
  private record SendResult(Outcome outcome, Optional<RequestSnapshot> snapshot) {
    static SendResult notSent(Outcome outcome) {
      return new SendResult(outcome, Optional.empty());
    }
  }

  private SendResult send(LeasedDelivery delivery, Payload body, Instant startedAt) {
    try {
      RequestFactory.BuiltRequest built =
          transport.requestFactory().build(delivery, body, startedAt);
      Outcome outcome = transport.transport().post(built.request());
      return outcome instanceof Outcome.Blocked
          ? SendResult.notSent(outcome)
          : new SendResult(outcome, Optional.of(built.snapshot()));
    } catch (SecretDecryptionException e) { // an unsigned request is never sent
      return SendResult.notSent(new Outcome.InternalFailure(String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error bug) { // a bug uses up an attempt and is visible to users
      transport.observer().onError("sending delivery " + delivery.lease().delivery(), bug);
      return SendResult.notSent(
          new Outcome.InternalFailure(
              "Runhook failed to send the request: " + bug.getClass().getSimpleName()));
    }
  }
}
