package dev.runhook.testkit.contract.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyTtl;
import dev.runhook.application.spi.account.IdempotencyKeys.StoredKey;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Requirements for stores of idempotency keys.
@Contract
public interface IdempotencyKeysContract {
  /// Numbers the attempts, so that their ids are unique.
  AtomicLong ATTEMPT_IDS = new AtomicLong();

  KeyTtl DEFAULT_TTL = new KeyTtl(Duration.ofHours(24), Duration.ofMinutes(1));
  KeyTtl EXPIRED_LOCK = new KeyTtl(Duration.ofHours(24), Duration.ZERO);
  KeyTtl EXPIRED_RETENTION = new KeyTtl(Duration.ZERO, Duration.ofMinutes(1));

  Transactor transactor();

  @Test
  default void a_claimed_key_is_found_by_later_claims() {
    KeyClaim first = newClaim("new");
    KeyClaim second = newClaim("new");

    assertThat(claim(first, DEFAULT_TTL)).isEmpty();

    assertThat(claim(second, DEFAULT_TTL)).contains(new StoredKey(first, false, Optional.empty()));
    assertThat(claim(newClaim("another"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void the_commit_and_the_response_of_a_key_are_stored() {
    KeyClaim first = newClaim("completed");
    claim(first, DEFAULT_TTL);

    assertThat(markCommitted(first)).isTrue();
    assertThat(claim(newClaim("completed"), DEFAULT_TTL))
        .contains(new StoredKey(first, true, Optional.empty()));

    storeResponse(first, "closed");
    assertThat(claim(newClaim("completed"), EXPIRED_LOCK))
        .contains(new StoredKey(first, true, Optional.of("closed")));
  }

  @Test
  default void an_uncommitted_claim_can_be_taken_over_when_its_lock_expires() {
    KeyClaim first = newClaim("slow");
    KeyClaim second = newClaim("slow");
    claim(first, EXPIRED_LOCK);

    assertThat(claim(second, DEFAULT_TTL)).isEmpty();

    assertThat(markCommitted(first)).isFalse();
    assertThat(markCommitted(second)).isTrue();
    storeResponse(first, "late");
    assertThat(claim(newClaim("slow"), DEFAULT_TTL))
        .contains(new StoredKey(second, true, Optional.empty()));
  }

  @Test
  default void a_committed_or_completed_key_is_not_claimed_again() {
    KeyClaim committed = newClaim("committed key");
    KeyClaim completed = newClaim("completed key");
    claim(committed, EXPIRED_LOCK);
    markCommitted(committed);
    claim(completed, EXPIRED_LOCK);
    storeResponse(completed, "no");

    assertThat(claim(newClaim("committed key"), EXPIRED_LOCK)).isPresent();
    assertThat(claim(newClaim("completed key"), EXPIRED_LOCK)).isPresent();
  }

  @Test
  default void a_key_can_be_claimed_again_after_its_retention() {
    KeyClaim first = newClaim("old");
    KeyClaim second = newClaim("old");
    claim(first, DEFAULT_TTL);
    markCommitted(first);
    storeResponse(first, "closed");

    assertThat(claim(second, EXPIRED_RETENTION)).isEmpty();

    assertThat(claim(newClaim("old"), DEFAULT_TTL))
        .contains(new StoredKey(second, false, Optional.empty()));
  }

  @Test
  default void only_an_uncommitted_claim_can_be_released() {
    KeyClaim uncommitted = newClaim("uncommitted");
    KeyClaim committed = newClaim("committed");
    claim(uncommitted, DEFAULT_TTL);
    claim(committed, DEFAULT_TTL);
    markCommitted(committed);

    transactor()
        .run(unit -> {
          unit.idempotencyKeys().release(uncommitted.id(), new UUID(7, 0));
          unit.idempotencyKeys().release(committed.id(), committed.attempt());
        });
    assertThat(claim(newClaim("uncommitted"), DEFAULT_TTL)).isPresent();
    assertThat(claim(newClaim("committed"), DEFAULT_TTL)).isPresent();

    transactor()
        .run(unit -> unit.idempotencyKeys().release(uncommitted.id(), uncommitted.attempt()));
    assertThat(claim(newClaim("uncommitted"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void a_rollback_removes_the_commit_mark() {
    KeyClaim first = newClaim("rolled back");
    claim(first, DEFAULT_TTL);

    try {
      transactor()
          .run(unit -> {
            unit.idempotencyKeys().markCommitted(first.id(), first.attempt());
            throw new IllegalStateException("thrown by the test");
          });
    } catch (IllegalStateException ignored) {
      // the test throws this exception
    }

    assertThat(claim(newClaim("rolled back"), DEFAULT_TTL))
        .contains(new StoredKey(first, false, Optional.empty()));
  }

  @Test
  default void expired_idempotency_keys_are_deleted() {
    claim(newClaim("expired"), DEFAULT_TTL);

    assertThat(deleteExpired(Duration.ofDays(1))).isZero();
    assertThat(deleteExpired(Duration.ZERO)).isPositive();
    assertThat(claim(newClaim("expired"), DEFAULT_TTL)).isEmpty();
  }

  @Test
  default void concurrent_claims_of_one_key_succeed_once() throws InterruptedException {
    AtomicInteger claimed = new AtomicInteger();

    Concurrently.run(
        8,
        () -> {
          if (claim(newClaim("at once"), DEFAULT_TTL).isEmpty()) {
            claimed.incrementAndGet();
          }
        });

    assertThat(claimed).hasValue(1);
  }

  private Optional<StoredKey> claim(KeyClaim claim, KeyTtl ttl) {
    return transactor().inTransaction(unit -> unit.idempotencyKeys().claim(claim, ttl));
  }

  private boolean markCommitted(KeyClaim claim) {
    return transactor()
        .inTransaction(unit -> unit.idempotencyKeys().markCommitted(claim.id(), claim.attempt()));
  }

  private void storeResponse(KeyClaim claim, String response) {
    transactor()
        .run(unit -> unit.idempotencyKeys().storeResponse(claim.id(), claim.attempt(), response));
  }

  private int deleteExpired(Duration retention) {
    return transactor().inTransaction(unit -> unit.idempotencyKeys().deleteExpired(retention));
  }

  private static KeyClaim newClaim(String key) {
    return new KeyClaim(
        Fingerprint.of("contract", key),
        new UUID(7, ATTEMPT_IDS.incrementAndGet()),
        Fingerprint.of("body"),
        new TokenId(new UUID(7, 7)));
  }
}
