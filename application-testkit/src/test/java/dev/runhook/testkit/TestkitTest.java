package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestkitTest {
  private static final SignedRequest REQUEST =
      new SignedRequest(Samples.endpoint(1), List.of(), Payload.of("{}"), Duration.ofSeconds(1));

  private final SettableClock clock = SettableClock.atNoon();
  private final InMemoryTransactor store = new InMemoryTransactor(clock);

  @Test
  void the_clock_and_its_ticker_advance_together_and_only_by_hand() {
    LongSupplier ticker = clock.ticker();
    long before = ticker.getAsLong();

    clock.advance(Duration.ofMillis(1500));

    assertThat(clock.instant()).isEqualTo(Samples.NOON.plusMillis(1500));
    assertThat(ticker.getAsLong() - before).isEqualTo(1_500_000_000L);
    assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofMillis(-1)));
  }

  @Test
  void ids_are_version_7_and_strictly_increase() {
    SequentialIdGenerator ids = new SequentialIdGenerator(clock);
    UUID first = ids.next();
    UUID second = ids.next();
    clock.advance(Duration.ofMillis(1));
    UUID third = ids.next();

    assertThat(Stream.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    assertThat(first.version()).isEqualTo(7);
    assertThat(first.variant()).isEqualTo(2);
    assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(Samples.NOON.toEpochMilli());
  }

  @Test
  void ids_increase_even_if_the_clock_goes_back() {
    SequentialIdGenerator ids = new SequentialIdGenerator(clock);
    UUID later = ids.nextAt(Samples.NOON.plusSeconds(1));

    assertThat(ids.next()).isGreaterThan(later);
  }

  @Test
  void ids_of_two_series_never_collide() {
    SequentialIdGenerator one = new SequentialIdGenerator(clock, 1);
    SequentialIdGenerator two = new SequentialIdGenerator(clock, 2);

    assertThat(List.of(one.next(), one.next())).doesNotContain(two.next(), two.next());
    assertThat(one.nextRunName())
        .hasSize(26)
        .isNotEqualTo(two.nextRunName())
        .isLessThan(one.nextRunName());
  }

  @Test
  void a_scripted_transport_plays_its_script_and_then_the_default() {
    ScriptedTransport transport = new ScriptedTransport(store);
    transport
        .enqueue(REQUEST.endpoint(), Outcome.Responded.of(500))
        .respondByDefault(REQUEST.endpoint(), Outcome.Responded.of(204));

    List<Outcome> answers =
        List.of(transport.post(REQUEST), transport.post(REQUEST), transport.post(REQUEST));

    assertThat(answers)
        .containsExactly(
            Outcome.Responded.of(500), Outcome.Responded.of(204), Outcome.Responded.of(204));
    assertThat(transport.requests()).containsExactly(REQUEST, REQUEST, REQUEST);
  }

  @Test
  void a_scripted_transport_does_not_post_inside_a_transaction() {
    ScriptedTransport transport = new ScriptedTransport(store);

    assertThatIllegalStateException().isThrownBy(() -> store.run(_ -> transport.post(REQUEST)));
    assertThat(transport.requests()).isEmpty();
  }

  @Test
  void in_memory_transactions_cannot_be_nested() {
    assertThatIllegalStateException().isThrownBy(() -> store.run(_ -> store.run(_ -> {})));
  }

  @Test
  void saving_an_unlocked_webhook_fails() {
    store.run(unit -> {
      unit.stacks().save(Samples.stack());
      unit.webhooks().add(Samples.webhook());
    });

    assertThatIllegalStateException()
        .isThrownBy(() -> store.run(unit -> unit.webhooks().save(Samples.webhook())));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> store.run(unit -> unit.webhooks().saveHealth(List.of(Samples.webhook()))));
  }
}
