package dev.runhook.application.dispatch;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Makes attempts: signs, posts, and says what came of it. Whatever happens is an outcome.
final class AttemptRunner {
  private final Dispatcher.DeliveryTransport deliveryTransport;
  private final DispatchConfig rules;
  private final Dispatcher.DispatchContext dispatchContext;

  AttemptRunner(
      Dispatcher.DeliveryTransport sender,
      DispatchConfig rules,
      Dispatcher.DispatchContext surroundings) {
    this.deliveryTransport = sender;
    this.rules = rules;
    this.dispatchContext = surroundings;
  }

  AttemptResult run(LeasedDelivery leasedDelivery) {
    Instant startedAt = dispatchContext.clock().instant();
    long begin = dispatchContext.ticker().getAsLong();
    Posted posted = post(leasedDelivery, startedAt);
    Outcome outcome = posted.outcome();
    long end = dispatchContext.ticker().getAsLong();
    Attempt plain =
        new Attempt(
            leasedDelivery.lease().attempt(), startedAt, Duration.ofNanos(end - begin), outcome);
    Attempt attempt = posted.imprint().map(plain::withRequest).orElse(plain);
    Disposition disposition =
        rules
            .retryScheduleOf(leasedDelivery.webhook())
            .dispositionAfter(leasedDelivery.lease().failures(), outcome, dispatchContext.random());
    return new AttemptResult(leasedDelivery, attempt, disposition, end);
  }

  /// @param imprint of the request, if one was made and let out
  private record Posted(Outcome outcome, Optional<RequestSnapshot> imprint) {
    static Posted nothing(Outcome outcome) {
      return new Posted(outcome, Optional.empty());
    }
  }

  private Posted post(LeasedDelivery leasedDelivery, Instant startedAt) {
    try {
      RequestFactory.BuiltRequest builtRequest =
          deliveryTransport.requestFactory().build(leasedDelivery, startedAt);
      Outcome outcome = deliveryTransport.transport().post(builtRequest.request());
      return outcome instanceof Outcome.Blocked
          ? Posted.nothing(outcome)
          : new Posted(outcome, Optional.of(builtRequest.snapshot()));
    } catch (SecretDecryptionException e) { // nothing goes out unsigned
      return Posted.nothing(new Outcome.InternalFailure(String.valueOf(e.getMessage())));
    } catch (RuntimeException
        | Error bug) { // ours, not the receiver's: it must use up an attempt and be seen
      deliveryTransport
          .observer()
          .onError("sending delivery " + leasedDelivery.lease().delivery(), bug);
      return Posted.nothing(
          new Outcome.InternalFailure(
              "Runhook failed to send this: " + bug.getClass().getSimpleName()));
    }
  }
}
