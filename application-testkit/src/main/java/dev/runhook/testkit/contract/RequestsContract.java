package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.Requests.Begun;
import dev.runhook.application.spi.Requests.Known;
import dev.runhook.application.spi.Requests.Terms;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a store does with requests that have a key.
@Promises
public interface RequestsContract {
  /// No two attempts have the same id.
  AtomicLong ATTEMPTS = new AtomicLong();

  Terms USUAL = new Terms(Duration.ofHours(24), Duration.ofMinutes(1));
  Terms HELD_NO_MORE = new Terms(Duration.ofHours(24), Duration.ZERO);
  Terms KNOWN_NO_MORE = new Terms(Duration.ZERO, Duration.ofMinutes(1));

  Transactor transactor();

  @Test
  default void a_new_request_begins_and_is_known_from_then_on() {
    Begun first = begun("new");
    Begun second = begun("new");

    assertThat(begin(first, USUAL)).isEmpty();

    assertThat(begin(second, USUAL)).contains(new Known(first, false, Optional.empty()));
    assertThat(begin(begun("another"), USUAL)).isEmpty();
  }

  @Test
  default void its_effect_and_its_reply_are_known() {
    Begun first = begun("told");
    begin(first, USUAL);

    assertThat(mark(first)).isTrue();
    assertThat(begin(begun("told"), USUAL)).contains(new Known(first, true, Optional.empty()));

    reply(first, "closed");
    assertThat(begin(begun("told"), HELD_NO_MORE))
        .contains(new Known(first, true, Optional.of("closed")));
  }

  @Test
  default void whoever_shows_no_effect_in_time_loses_it() {
    Begun first = begun("slow");
    Begun second = begun("slow");
    begin(first, HELD_NO_MORE);

    assertThat(begin(second, USUAL)).isEmpty();

    assertThat(mark(first)).isFalse();
    assertThat(mark(second)).isTrue();
    reply(first, "late");
    assertThat(begin(begun("slow"), USUAL)).contains(new Known(second, true, Optional.empty()));
  }

  @Test
  default void what_had_an_effect_or_a_reply_is_never_begun_anew_while_it_is_known() {
    Begun effective = begun("effective");
    Begun refused = begun("refused");
    begin(effective, HELD_NO_MORE);
    mark(effective);
    begin(refused, HELD_NO_MORE);
    reply(refused, "no");

    assertThat(begin(begun("effective"), HELD_NO_MORE)).isPresent();
    assertThat(begin(begun("refused"), HELD_NO_MORE)).isPresent();
  }

  @Test
  default void after_its_time_it_is_new() {
    Begun first = begun("old");
    Begun second = begun("old");
    begin(first, USUAL);
    mark(first);
    reply(first, "closed");

    assertThat(begin(second, KNOWN_NO_MORE)).isEmpty();

    assertThat(begin(begun("old"), USUAL)).contains(new Known(second, false, Optional.empty()));
  }

  @Test
  default void an_attempt_without_effect_can_be_abandoned_and_no_other() {
    Begun without = begun("without");
    Begun with = begun("with");
    begin(without, USUAL);
    begin(with, USUAL);
    mark(with);

    transactor()
        .run(unit -> {
          unit.requests().abandon(without.id(), new UUID(7, 0));
          unit.requests().abandon(with.id(), with.attempt());
        });
    assertThat(begin(begun("without"), USUAL)).isPresent();
    assertThat(begin(begun("with"), USUAL)).isPresent();

    transactor().run(unit -> unit.requests().abandon(without.id(), without.attempt()));
    assertThat(begin(begun("without"), USUAL)).isEmpty();
  }

  @Test
  default void a_mark_goes_with_its_transaction() {
    Begun first = begun("rolled back");
    begin(first, USUAL);

    try {
      transactor()
          .run(unit -> {
            unit.requests().mark(first.id(), first.attempt());
            throw new IllegalStateException("on purpose");
          });
    } catch (IllegalStateException _) {
      // as wanted
    }

    assertThat(begin(begun("rolled back"), USUAL))
        .contains(new Known(first, false, Optional.empty()));
  }

  @Test
  default void what_is_old_is_forgotten() {
    begin(begun("forgotten"), USUAL);

    assertThat(forget(Duration.ofDays(1))).isZero();
    assertThat(forget(Duration.ZERO)).isPositive();
    assertThat(begin(begun("forgotten"), USUAL)).isEmpty();
  }

  @Test
  default void of_many_at_once_one_begins() throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();

    Together.run(
        8,
        () -> {
          if (begin(begun("at once"), USUAL).isEmpty()) {
            begun.incrementAndGet();
          }
        });

    assertThat(begun).hasValue(1);
  }

  private Optional<Known> begin(Begun begun, Terms terms) {
    return transactor().inTransaction(unit -> unit.requests().begin(begun, terms));
  }

  private boolean mark(Begun begun) {
    return transactor().inTransaction(unit -> unit.requests().mark(begun.id(), begun.attempt()));
  }

  private void reply(Begun begun, String reply) {
    transactor().run(unit -> unit.requests().keepReply(begun.id(), begun.attempt(), reply));
  }

  private int forget(Duration remembered) {
    return transactor().inTransaction(unit -> unit.requests().forget(remembered));
  }

  private static Begun begun(String key) {
    return new Begun(
        Fingerprint.of("contract", key),
        new UUID(7, ATTEMPTS.incrementAndGet()),
        Fingerprint.of("body"),
        new TokenId(new UUID(7, 7)));
  }
}
