package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.IdempotencyKeys.KeyTtl;
import dev.runhook.application.spi.IdempotencyKeys.StoredKey;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a store does with requests that have a key.
@Contract
public interface IdempotencyKeysContract {
  /// No two attempts have the same id.
  AtomicLong ATTEMPT_IDS = new AtomicLong();

  KeyTtl DEFAULT_TTL = new KeyTtl(Duration.ofHours(24), Duration.ofMinutes(1));
  KeyTtl EXPIRED_LOCK = new KeyTtl(Duration.ofHours(24), Duration.ZERO);
  KeyTtl EXPIRED_RETENTION = new KeyTtl(Duration.ZERO, Duration.ofMinutes(1));

  Transactor transactor();

  @Test
  default void a_claimed_key_is_found_by_later_claims() {
    KeyClaim first = begun("new");
    KeyClaim second = begun("new");

    assertThat(begin(first, DEFAULT_TTL)).isEmpty();

    assertThat(begin(second, DEFAULT_TTL)).contains(new StoredKey(first, false, Optional.empty()));
    assertThat(begin(begun("another"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void the_commit_and_the_response_of_a_key_are_stored() {
    KeyClaim first = begun("told");
    begin(first, DEFAULT_TTL);

    assertThat(mark(first)).isTrue();
    assertThat(begin(begun("told"), DEFAULT_TTL))
        .contains(new StoredKey(first, true, Optional.empty()));

    reply(first, "closed");
    assertThat(begin(begun("told"), EXPIRED_LOCK))
        .contains(new StoredKey(first, true, Optional.of("closed")));
  }

  @Test
  default void an_uncommitted_claim_can_be_taken_over_when_its_lock_expires() {
    KeyClaim first = begun("slow");
    KeyClaim second = begun("slow");
    begin(first, EXPIRED_LOCK);

    assertThat(begin(second, DEFAULT_TTL)).isEmpty();

    assertThat(mark(first)).isFalse();
    assertThat(mark(second)).isTrue();
    reply(first, "late");
    assertThat(begin(begun("slow"), DEFAULT_TTL))
        .contains(new StoredKey(second, true, Optional.empty()));
  }

  @Test
  default void a_committed_or_completed_key_is_not_claimed_again() {
    KeyClaim effective = begun("effective");
    KeyClaim refused = begun("refused");
    begin(effective, EXPIRED_LOCK);
    mark(effective);
    begin(refused, EXPIRED_LOCK);
    reply(refused, "no");

    assertThat(begin(begun("effective"), EXPIRED_LOCK)).isPresent();
    assertThat(begin(begun("refused"), EXPIRED_LOCK)).isPresent();
  }

  @Test
  default void a_key_can_be_claimed_again_after_its_retention() {
    KeyClaim first = begun("old");
    KeyClaim second = begun("old");
    begin(first, DEFAULT_TTL);
    mark(first);
    reply(first, "closed");

    assertThat(begin(second, EXPIRED_RETENTION)).isEmpty();

    assertThat(begin(begun("old"), DEFAULT_TTL))
        .contains(new StoredKey(second, false, Optional.empty()));
  }

  @Test
  default void only_an_uncommitted_claim_can_be_released() {
    KeyClaim without = begun("without");
    KeyClaim with = begun("with");
    begin(without, DEFAULT_TTL);
    begin(with, DEFAULT_TTL);
    mark(with);

    transactor()
        .run(unit -> {
          unit.idempotencyKeys().release(without.id(), new UUID(7, 0));
          unit.idempotencyKeys().release(with.id(), with.attempt());
        });
    assertThat(begin(begun("without"), DEFAULT_TTL)).isPresent();
    assertThat(begin(begun("with"), DEFAULT_TTL)).isPresent();

    transactor().run(unit -> unit.idempotencyKeys().release(without.id(), without.attempt()));
    assertThat(begin(begun("without"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void a_rollback_removes_the_commit_mark() {
    KeyClaim first = begun("rolled back");
    begin(first, DEFAULT_TTL);

    try {
      transactor()
          .run(unit -> {
            unit.idempotencyKeys().markCommitted(first.id(), first.attempt());
            throw new IllegalStateException("on purpose");
          });
    } catch (IllegalStateException _) {
      // as wanted
    }

    assertThat(begin(begun("rolled back"), DEFAULT_TTL))
        .contains(new StoredKey(first, false, Optional.empty()));
  }

  @Test
  default void expired_idempotency_keys_are_deleted() {
    begin(begun("forgotten"), DEFAULT_TTL);

    assertThat(forget(Duration.ofDays(1))).isZero();
    assertThat(forget(Duration.ZERO)).isPositive();
    assertThat(begin(begun("forgotten"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void concurrent_claims_of_one_key_succeed_once() throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();

    Concurrently.run(
        8,
        () -> {
          if (begin(begun("at once"), DEFAULT_TTL).isEmpty()) {
            begun.incrementAndGet();
          }
        });

    assertThat(begun).hasValue(1);
  }

  private Optional<StoredKey> begin(KeyClaim keyClaim, KeyTtl keyTtl) {
    return transactor().inTransaction(unit -> unit.idempotencyKeys().claim(keyClaim, keyTtl));
  }

  private boolean mark(KeyClaim keyClaim) {
    return transactor()
        .inTransaction(
            unit -> unit.idempotencyKeys().markCommitted(keyClaim.id(), keyClaim.attempt()));
  }

  private void reply(KeyClaim keyClaim, String reply) {
    transactor()
        .run(
            unit -> unit.idempotencyKeys().storeResponse(keyClaim.id(), keyClaim.attempt(), reply));
  }

  private int forget(Duration remembered) {
    return transactor().inTransaction(unit -> unit.idempotencyKeys().deleteExpired(remembered));
  }

  private static KeyClaim begun(String key) {
    return new KeyClaim(
        Fingerprint.of("contract", key),
        new UUID(7, ATTEMPT_IDS.incrementAndGet()),
        Fingerprint.of("body"),
        new TokenId(new UUID(7, 7)));
  }
}
