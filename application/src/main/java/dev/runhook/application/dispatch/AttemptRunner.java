package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Makes one attempt: renders the event, builds and signs the request, and sends it. Every failure
/// becomes an outcome.
final class AttemptRunner {
  private final DeliveryTransport transport;
  private final DispatchConfig config;
  private final DispatchContext context;

  AttemptRunner(DeliveryTransport transport, DispatchConfig config, DispatchContext context) {
    this.transport = transport;
    this.config = config;
    this.context = context;
  }

  CompletedAttempt run(LeasedDelivery delivery) {
    AttemptPayload rendered = render(delivery);
    Instant startedAt = context.clock().instant();
    long startedAtNanos = context.ticker().getAsLong();
    SendResult sent = send(delivery.withPayload(rendered.payload()), startedAt);
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

  /// A bug must not prevent the delivery, and is visible to users.
  private AttemptPayload render(LeasedDelivery delivery) {
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

  private SendResult send(LeasedDelivery delivery, Instant startedAt) {
    try {
      RequestFactory.BuiltRequest built = transport.requestFactory().build(delivery, startedAt);
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
