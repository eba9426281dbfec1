package dev.runhook.persistence;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.StoreBusyException;
import dev.runhook.application.spi.Requests;
import dev.runhook.domain.account.TokenId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

final class JdbiRequests implements Requests {
  private static final int TRIES = 3;

  private final Session session;

  JdbiRequests(Session session) {
    this.session = session;
  }

  /// What was in the way of the insert may be gone when it is looked for: then it is tried again.
  @Override
  public Optional<Known> begin(Begun begun, Terms terms) {
    for (int tried = 0; tried < TRIES; tried++) {
      if (begins(begun, terms)) {
        return Optional.empty();
      }
      Optional<Known> known = find(begun.id());
      if (known.isPresent()) {
        return known;
      }
    }
    throw new StoreBusyException("a request with this key comes and goes");
  }

  private boolean begins(Begun begun, Terms terms) {
    return session
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
            .bind("id", begun.id().hex())
            .bind("attempt", begun.attempt())
            .bind("content", begun.content().hex())
            .bind("token", begun.token().value())
            .bind("held", terms.held().toMillis())
            .bind("remembered", terms.remembered().toMillis())
            .execute()
        > 0;
  }

  private Optional<Known> find(Fingerprint id) {
    return session
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

  private static Known read(ResultSet row) throws SQLException {
    Begun begun =
        new Begun(
            new Fingerprint(row.getString("id")),
            row.getObject("attempt", UUID.class),
            new Fingerprint(row.getString("content")),
            new TokenId(row.getObject("token_id", UUID.class)));
    return new Known(
        begun, row.getBoolean("effective"), Optional.ofNullable(row.getString("reply")));
  }

  @Override
  public boolean mark(Fingerprint id, UUID attempt) {
    return session
            .update(
                "update runhook.request set effective = true where id = decode(:id, 'hex') and attempt = :attempt")
            .bind("id", id.hex())
            .bind("attempt", attempt)
            .execute()
        > 0;
  }

  @Override
  public void keepReply(Fingerprint id, UUID attempt, String reply) {
    session
        .update(
            "update runhook.request set reply = :reply where id = decode(:id, 'hex') and attempt = :attempt")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .bind("reply", reply)
        .execute();
  }

  @Override
  public void abandon(Fingerprint id, UUID attempt) {
    session
        .update(
            "delete from runhook.request where id = decode(:id, 'hex') and attempt = :attempt and not effective")
        .bind("id", id.hex())
        .bind("attempt", attempt)
        .execute();
  }

  @Override
  public int forget(Duration remembered) {
    return session
        .update(
            "delete from runhook.request where begun_at <= now() - :remembered * interval '1 ms'")
        .bind("remembered", remembered.toMillis())
        .execute();
  }
}
