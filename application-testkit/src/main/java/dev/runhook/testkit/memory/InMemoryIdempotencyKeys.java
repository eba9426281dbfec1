package dev.runhook.testkit.memory;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.IdempotencyKeys;
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
  public Optional<StoredKey> claim(KeyClaim keyClaim, KeyTtl keyTtl) {
    Instant now = unit.now();
    IdempotencyKeyRow row = rows().get(keyClaim.id());
    if (row != null && !isOver(row, keyTtl, now)) {
      return Optional.of(row.stored());
    }
    StoredKey fresh = new StoredKey(keyClaim, false, Optional.empty());
    rows().put(keyClaim.id(), new IdempotencyKeyRow(fresh, now, now.plus(keyTtl.lock())));
    return Optional.empty();
  }

  private static boolean isOver(IdempotencyKeyRow row, KeyTtl keyTtl, Instant now) {
    boolean forgotten = !row.startedAt().plus(keyTtl.retention()).isAfter(now);
    boolean leftAlone =
        !row.stored().committed()
            && row.stored().response().isEmpty()
            && !row.lockedUntil().isAfter(now);
    return forgotten || leftAlone;
  }

  @Override
  public boolean markCommitted(Fingerprint id, UUID attempt) {
    return change(
        id, attempt, storedKey -> new StoredKey(storedKey.claim(), true, storedKey.response()));
  }

  @Override
  public void storeResponse(Fingerprint id, UUID attempt, String reply) {
    change(
        id,
        attempt,
        storedKey -> new StoredKey(storedKey.claim(), storedKey.committed(), Optional.of(reply)));
  }

  @Override
  public void release(Fingerprint id, UUID attempt) {
    IdempotencyKeyRow row = rows().get(id);
    if (row != null && isOf(row, attempt) && !row.stored().committed()) {
      rows().remove(id);
    }
  }

  @Override
  public int deleteExpired(Duration remembered) {
    int before = rows().size();
    Instant now = unit.now();
    rows().values().removeIf(row -> !row.startedAt().plus(remembered).isAfter(now));
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
