package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What an observer must not do to the engine.
@Promises
public interface DispatchObserverContract {
  DispatchObserver observer();

  @Test
  default void whatever_an_observer_is_told_it_throws_nothing() {
    DispatchObserver observer = observer();

    assertThatNoException().isThrownBy(() -> tellAll(observer));
  }

  @Test
  default void an_observer_returns_quickly() {
    DispatchObserver observer = observer();

    List<Duration> took = Stream.generate(() -> tellingAll(observer)).limit(3).toList();

    assertThat(Collections.min(took)).isLessThan(Duration.ofSeconds(1)); // machines may be busy
  }

  private static Duration tellingAll(DispatchObserver observer) {
    long begun = System.nanoTime();
    tellAll(observer);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void tellAll(DispatchObserver observer) {
    UUID id = new UUID(0x7000, 1L << 63);
    Letter letter =
        new Letter(
            new EventId(id),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    Parcel parcel = new Parcel(new Lease(new DeliveryId(id), 1, 0), Samples.webhook(), letter);
    List<Outcome> outcomes =
        List.of(
            Outcome.Answered.of(204),
            Outcome.Answered.of(500),
            new Outcome.Unanswered(Outcome.Cause.TIMEOUT, "no answer within 10 s"),
            new Outcome.Refused("private network 10.0.0.0/8"),
            new Outcome.Faulted("a bug of ours"));
    for (Outcome outcome : outcomes) {
      Attempt attempt = new Attempt(1, Samples.NOON, Duration.ofMillis(5), outcome);
      observer.attempted(parcel, attempt, new Fate.Delivered());
      observer.attempted(parcel, attempt, new Fate.Retried(Duration.ofSeconds(5)));
      observer.attempted(parcel, attempt, new Fate.GivenUp());
      observer.cameTooLate(parcel, attempt);
    }
    for (HealthTurn turn : HealthTurn.values()) {
      observer.turned(turn, Samples.webhook(), new Health.Active(3));
    }
    observer.troubled("claiming what is due", new IllegalStateException("told by the contract"));
  }
}
