package dev.runhook.testkit.memory;

import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.testkit.memory.InMemoryDatabase.IdempotencyKeyRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

final class InMemoryIdempotencyKeys implements IdempotencyKeys {
  private final InMemoryUnitOfWork unit;

  InMemoryIdempotencyKeys(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public Optional<StoredKey> claim(KeyClaim claim, KeyTtl ttl) {
    Instant now = unit.now();
    IdempotencyKeyRow row = rows().get(claim.id());
    if (row != null && !canBeClaimed(row, ttl, now)) {
      return Optional.of(row.stored());
    }
    StoredKey claimed = new StoredKey(claim, false, Optional.empty());
    rows().put(claim.id(), new IdempotencyKeyRow(claimed, now, now.plus(ttl.lock())));
    return Optional.empty();
  }

  private static boolean canBeClaimed(IdempotencyKeyRow row, KeyTtl ttl, Instant now) {
    boolean expired = !row.startedAt().plus(ttl.retention()).isAfter(now);
    boolean abandoned =
        !row.stored().committed()
            && row.stored().response().isEmpty()
            && !row.lockedUntil().isAfter(now);
    return expired || abandoned;
  }

  @Override
  public boolean markCommitted(Fingerprint id, UUID attempt) {
    return change(id, attempt, key -> new StoredKey(key.claim(), true, key.response()));
  }

  @Override
  public void storeResponse(Fingerprint id, UUID attempt, String response) {
    change(id, attempt, key -> new StoredKey(key.claim(), key.committed(), Optional.of(response)));
  }

  @Override
  public void release(Fingerprint id, UUID attempt) {
    IdempotencyKeyRow row = rows().get(id);
    if (row != null && isOf(row, attempt) && !row.stored().committed()) {
      rows().remove(id);
    }
  }

  @Override
  public int deleteExpired(Duration retention) {
    int before = rows().size();
    Instant now = unit.now();
    rows().values().removeIf(row -> !row.startedAt().plus(retention).isAfter(now));
    return before - rows().size();
  }

  private boolean change(Fingerprint id, UUID attempt, UnaryOperator<StoredKey> change) {
    IdempotencyKeyRow row = rows().get(id);
    if (row == null || !isOf(row, attempt)) {
      return false;
    }
    rows()
        .put(
            id,
            new IdempotencyKeyRow(change.apply(row.stored()), row.startedAt(), row.lockedUntil()));
    return true;
  }

  private static boolean isOf(IdempotencyKeyRow row, UUID attempt) {
    return row.stored().claim().attempt().equals(attempt);
  }

  private Map<Fingerprint, IdempotencyKeyRow> rows() {
    return unit.database().idempotencyKeys;
  }
}
