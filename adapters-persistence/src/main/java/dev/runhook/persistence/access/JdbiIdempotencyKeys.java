package dev.runhook.persistence.access;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.StoreBusyException;
import dev.runhook.application.spi.IdempotencyKeys;
import dev.runhook.domain.account.TokenId;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

public final class JdbiIdempotencyKeys implements IdempotencyKeys {
  private static final int TRIES = 3;

  private final TransactionScope transactionScope;

  public JdbiIdempotencyKeys(TransactionScope session) {
    this.transactionScope = session;
  }

  /// What was in the way of the insert may be gone when it is looked for: then it is tried again.
  @Override
  public Optional<StoredKey> claim(KeyClaim keyClaim, KeyTtl keyTtl) {
    for (int tried = 0; tried < TRIES; tried++) {
      if (begins(keyClaim, keyTtl)) {
        return Optional.empty();
      }
      Optional<StoredKey> known = find(keyClaim.id());
      if (known.isPresent()) {
        return known;
      }
    }
    throw new StoreBusyException("a request with this key comes and goes");
  }

  private boolean begins(KeyClaim keyClaim, KeyTtl keyTtl) {
    return transactionScope
            .update(
                """
                insert into runhook.idempotency_key as r (id, attempt_id, request_hash, token_id, started_at, locked_until)
                values (decode(:id, 'hex'), :attempt, decode(:requestHash, 'hex'), :token, now(), now() + :held * interval '1 ms')
                on conflict (id) do update
                set attempt_id = excluded.attempt_id, request_hash = excluded.request_hash, token_id = excluded.token_id,
                    started_at = excluded.started_at, locked_until = excluded.locked_until, committed = false, response = null
                where r.started_at <= now() - :remembered * interval '1 ms'
                   or not r.committed and r.response is null and r.locked_until <= now()
                """)
            .bind("id", keyClaim.id().hex())
            .bind("attempt", keyClaim.attempt())
            .bind("requestHash", keyClaim.contentHash().hex())
            .bind("token", keyClaim.token().value())
            .bind("held", keyTtl.lock().toMillis())
            .bind("remembered", keyTtl.retention().toMillis())
            .execute()
        > 0;
  }

  private Optional<StoredKey> find(Fingerprint id) {
    return transactionScope
        .query(
            """
            select encode(id, 'hex') as id, attempt_id, encode(request_hash, 'hex') as request_hash, token_id, committed, response
            from runhook.idempotency_key
            where id = decode(:id, 'hex')
            """)
        .bind("id", id.hex())
        .map((row, _) -> read(row))
        .findOne();
  }

  private static StoredKey read(ResultSet row) throws SQLException {
    KeyClaim keyClaim =
        new KeyClaim(
            new Fingerprint(row.getString("id")),
            row.getObject("attempt_id", UUID.class),
            new Fingerprint(row.getString("request_hash")),
            new TokenId(row.getObject("token_id", UUID.class)));
    return new StoredKey(
        keyClaim, row.getBoolean("committed"), Optional.ofNullable(row.getString("response")));
  }

  @Override
  public boolean markCommitted(Fingerprint id, UUID attempt) {
    return transactionScope
            .update(
                "update runhook.idempotency_key set committed = true where id = decode(:id, 'hex') and attempt_id = :attempt")
            .bind("id", id.hex())
            .bind("attempt", attempt)
            .execute()
        > 0;
  }

  @Override
  public void storeResponse(Fingerprint id, UUID attempt, String response) {
    transactionScope
        .update(
            "update runhook.idempotency_key set response = :response where id = decode(:id, 'hex') and attempt_id = :attempt")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .bind("response", response)
        .execute();
  }

  @Override
  public void release(Fingerprint id, UUID attempt) {
    transactionScope
        .update(
            "delete from runhook.idempotency_key where id = decode(:id, 'hex') and attempt_id = :attempt and not committed")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .execute();
  }

  @Override
  public int deleteExpired(Duration remembered) {
    return transactionScope
        .update(
            "delete from runhook.idempotency_key where started_at <= now() - :remembered * interval '1 ms'")
        .bind("remembered", remembered.toMillis())
        .execute();
  }
}
