package dev.runhook.persistence.secret;

import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The headers of all revisions of webhooks as they are kept, to be encrypted anew.
final class RevisionReencryption {
  private static final int BATCH = 200;
  private static final String NEXT =
      """
      select webhook_id, revision, header_names, header_values, header_key_id
      from runhook.webhook_revision
      where header_key_id is distinct from :current and cardinality(header_names) > 0 and (webhook_id, revision) > (:webhook, :revision)
      order by webhook_id, revision
      limit :limit
      for update
      """;
  private static final String UPDATE =
      """
      update runhook.webhook_revision r set header_values = n.header_values::text[], header_key_id = n.header_key_id
      from unnest(:webhooks, :revisions, :headerValues, :headerKeys) as n (webhook_id, revision, header_values, header_key_id)
      where r.webhook_id = n.webhook_id and r.revision = n.revision
      """;

  private final Handle handle;
  private final SecretCipher cipher;

  RevisionReencryption(Handle handle, SecretCipher cipher) {
    this.handle = handle;
    this.cipher = cipher;
  }

  private record Kept(AadContext place, EncryptedHeaders headers) {
    static Kept read(ResultSet row) throws SQLException {
      AadContext aadContext =
          new AadContext(row.getObject("webhook_id", UUID.class), row.getInt("revision"));
      return new Kept(aadContext, EncryptedHeaders.read(row, ""));
    }
  }

  /// Encrypts with the current key what is not yet, in small transactions; returns the webhooks of
  /// what could not be opened and so was left.
  List<WebhookId> rotate() {
    List<WebhookId> unreadable = new ArrayList<>();
    @Nullable AadContext last = new AadContext(new UUID(0, 0), 0);
    while (last != null) {
      AadContext after = last;
      last = handle.inTransaction(_ -> batch(after, unreadable));
    }
    return unreadable;
  }

  /// The last that it looked at; null where there was nothing more.
  private @Nullable AadContext batch(AadContext after, List<WebhookId> unreadable) {
    List<Kept> rows =
        handle
            .createQuery(NEXT)
            .bind("current", cipher.keyId())
            .bind("webhook", after.webhook())
            .bind("revision", after.revision())
            .bind("limit", BATCH)
            .map((row, _) -> Kept.read(row))
            .list();
    List<Kept> anew = new ArrayList<>();
    for (Kept row : rows) {
      row.headers()
          .reencrypt(row.place(), cipher)
          .ifPresentOrElse(
              headers -> anew.add(new Kept(row.place(), headers)),
              () -> unreadable.add(new WebhookId(row.place().webhook())));
    }
    UnnestParameters.of(anew)
        .uuids("webhooks", row -> row.place().webhook())
        .longs("revisions", row -> (long) row.place().revision())
        .textArrays("headerValues", row -> row.headers().values())
        .texts("headerKeys", row -> row.headers().keyId())
        .bindTo(handle.createUpdate(UPDATE))
        .execute();
    return rows.isEmpty() ? null : rows.getLast().place();
  }
}
