package dev.runhook.persistence.access;

import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Update;

/// The table `idempotency_key`.
public final class JdbiIdempotencyKeys implements IdempotencyKeys {
  private static final int MAX_TRIES = 3;
  private static final String CLAIMED_BY_ATTEMPT =
      "id = decode(:id, 'hex') and attempt_id = :attempt";

  private final TransactionScope transaction;

  public JdbiIdempotencyKeys(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// The row that prevented the insert may be deleted before it is read. In that case, the claim is
  /// retried.
  @Override
  public Optional<StoredKey> claim(KeyClaim claim, KeyTtl ttl) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      if (insert(claim, ttl)) {
        return Optional.empty();
      }
      Optional<StoredKey> stored = find(claim.id());
      if (stored.isPresent()) {
        return stored;
      }
    }
    throw new StoreBusyException(
        "the idempotency key is claimed and released by concurrent requests");
  }

  private boolean insert(KeyClaim claim, KeyTtl ttl) {
    return transaction
            .update(
                """
                insert into runhook.idempotency_key as k (id, attempt_id, request_hash, token_id, started_at,
                  locked_until)
                values (decode(:id.hex, 'hex'), :attempt, decode(:contentHash.hex, 'hex'), :token.value, now(),
                  now() + :lock * interval '1 ms')
                on conflict (id) do update
                set attempt_id = excluded.attempt_id, request_hash = excluded.request_hash,
                    token_id = excluded.token_id, started_at = excluded.started_at,
                    locked_until = excluded.locked_until, committed = false, response = null
                where excluded.started_at - k.started_at >= :retention * interval '1 ms'
                   or not k.committed and k.response is null and k.locked_until <= excluded.started_at
                """)
            .bindMethods(claim)
            .bind("lock", ttl.lock().toMillis())
            .bind("retention", ttl.retention().toMillis())
            .execute()
        > 0;
  }

  private Optional<StoredKey> find(Fingerprint id) {
    return transaction
        .query(
            """
            select encode(id, 'hex') as id, attempt_id, encode(request_hash, 'hex') as request_hash, token_id,
              committed, response
            from runhook.idempotency_key where id = decode(:id, 'hex')
            """)
        .bind("id", id.hex())
        .map((row, ignored) -> read(row))
        .findOne();
  }

  private static StoredKey read(ResultSet row) throws SQLException {
    KeyClaim claim =
        new KeyClaim(
            new Fingerprint(row.getString("id")),
            row.getObject("attempt_id", UUID.class),
            new Fingerprint(row.getString("request_hash")),
            new TokenId(row.getObject("token_id", UUID.class)));
    return new StoredKey(
        claim, row.getBoolean("committed"), Optional.ofNullable(row.getString("response")));
  }

  @Override
  public boolean markCommitted(Fingerprint id, UUID attempt) {
    String sql = "update runhook.idempotency_key set committed = true where " + CLAIMED_BY_ATTEMPT;
    return update(sql, id, attempt).execute() > 0;
  }

  @Override
  public void storeResponse(Fingerprint id, UUID attempt, String response) {
    String sql =
        "update runhook.idempotency_key set response = :response where " + CLAIMED_BY_ATTEMPT;
    update(sql, id, attempt).bind("response", response).execute();
  }

  @Override
  public void release(Fingerprint id, UUID attempt) {
    String sql =
        "delete from runhook.idempotency_key where not committed and " + CLAIMED_BY_ATTEMPT;
    update(sql, id, attempt).execute();
  }

  private Update update(String sql, Fingerprint id, UUID attempt) {
    return transaction.update(sql).bind("id", id.hex()).bind("attempt", attempt);
  }

  @Override
  public int deleteExpired(Duration retention) {
    return transaction
        .update(
            "delete from runhook.idempotency_key where started_at <= now() - :retention * interval"
                + " '1 ms'")
        .bind("retention", retention.toMillis())
        .execute();
  }
}
