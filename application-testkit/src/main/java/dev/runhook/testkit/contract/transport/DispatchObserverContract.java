package dev.runhook.testkit.contract.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for observers, which must not disturb the dispatcher.
@Contract
public interface DispatchObserverContract {
  DispatchObserver observer();

  @Test
  default void an_observer_never_throws() {
    DispatchObserver observer = observer();

    assertThatNoException().isThrownBy(() -> callAll(observer));
  }

  @Test
  default void an_observer_returns_quickly() {
    DispatchObserver observer = observer();

    List<Duration> durations = Stream.generate(() -> timeOfAllCalls(observer)).limit(3).toList();

    assertThat(Collections.min(durations))
        .isLessThan(Duration.ofSeconds(1)); // long enough for busy machines
  }

  private static Duration timeOfAllCalls(DispatchObserver observer) {
    long startedAt = System.nanoTime();
    callAll(observer);
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  private static void callAll(DispatchObserver observer) {
    UUID id = new UUID(0x7000, 1L << 63);
    DeliveryContent content =
        new DeliveryContent(
            new EventId(id),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    LeasedDelivery leased =
        new LeasedDelivery(new Lease(new DeliveryId(id), 1, 0), Samples.webhook(), content);
    List<Outcome> outcomes =
        List.of(
            Outcome.Responded.of(204),
            Outcome.Responded.of(500),
            new Outcome.NoResponse(Outcome.Cause.TIMEOUT, "no response within 10 s"),
            new Outcome.Blocked("private network 10.0.0.0/8"),
            new Outcome.InternalFailure("an internal error"));
    for (Outcome outcome : outcomes) {
      Attempt attempt = new Attempt(1, Samples.NOON, Duration.ofMillis(5), outcome);
      observer.onAttempt(leased, attempt, new Disposition.Delivered());
      observer.onAttempt(leased, attempt, new Disposition.Retry(Duration.ofSeconds(5)));
      observer.onAttempt(leased, attempt, new Disposition.Exhausted());
      observer.onLeaseLost(leased, attempt);
    }
    for (HealthChange change : HealthChange.values()) {
      observer.onHealthChange(change, Samples.webhook(), Samples.failing(3));
    }
    observer.onEventsOmitted(3);
    observer.onError("claiming deliveries", new IllegalStateException("from the contract"));
  }
}
