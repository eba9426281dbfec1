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
                insert into runhook.request as r (id, attempt, content, token_id, begun_at, held_until)
                values (decode(:id, 'hex'), :attempt, decode(:content, 'hex'), :token, now(), now() + :held * interval '1 ms')
                on conflict (id) do update
                set attempt = excluded.attempt, content = excluded.content, token_id = excluded.token_id,
                    begun_at = excluded.begun_at, held_until = excluded.held_until, effective = false, reply = null
                where r.begun_at <= now() - :remembered * interval '1 ms'
                   or not r.effective and r.reply is null and r.held_until <= now()
                """)
            .bind("id", keyClaim.id().hex())
            .bind("attempt", keyClaim.attempt())
            .bind("content", keyClaim.contentHash().hex())
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
            select encode(id, 'hex') as id, attempt, encode(content, 'hex') as content, token_id, effective, reply
            from runhook.request
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
            row.getObject("attempt", UUID.class),
            new Fingerprint(row.getString("content")),
            new TokenId(row.getObject("token_id", UUID.class)));
    return new StoredKey(
        keyClaim, row.getBoolean("effective"), Optional.ofNullable(row.getString("reply")));
  }

  @Override
  public boolean markCommitted(Fingerprint id, UUID attempt) {
    return transactionScope
            .update(
                "update runhook.request set effective = true where id = decode(:id, 'hex') and attempt = :attempt")
            .bind("id", id.hex())
            .bind("attempt", attempt)
            .execute()
        > 0;
  }

  @Override
  public void storeResponse(Fingerprint id, UUID attempt, String reply) {
    transactionScope
        .update(
            "update runhook.request set reply = :reply where id = decode(:id, 'hex') and attempt = :attempt")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .bind("reply", reply)
        .execute();
  }

  @Override
  public void release(Fingerprint id, UUID attempt) {
    transactionScope
        .update(
            "delete from runhook.request where id = decode(:id, 'hex') and attempt = :attempt and not effective")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .execute();
  }

  @Override
  public int deleteExpired(Duration remembered) {
    return transactionScope
        .update(
            "delete from runhook.request where begun_at <= now() - :remembered * interval '1 ms'")
        .bind("remembered", remembered.toMillis())
        .execute();
  }
}
