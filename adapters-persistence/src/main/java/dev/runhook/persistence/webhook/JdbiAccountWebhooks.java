package dev.runhook.persistence.webhook;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.CopyCount;
import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/// The table `account_webhook`. It has the columns of the table `webhook` that users choose, so the
/// same classes bind and read them.
public final class JdbiAccountWebhooks implements AccountWebhooks {
  private static final String SELECT =
      "select " + WebhookMapper.ACCOUNT_COLUMNS + " from runhook.account_webhook w ";

  private static final String OWN_COLUMNS =
      "account, selector_labels, selector_ids, version, enabled_version, copied_version, deleted_at, ";
  private static final String OWN_VALUES =
      ":account, :labels::text, :stackIds::text[], :version::integer, :enabledVersion::integer,"
          + " :copiedVersion::integer, :deletedAt::timestamptz, ";

  private static final String INSERT =
      "insert into runhook.account_webhook (id, %s %s) values (:id, %s %s) on conflict do nothing"
          .formatted(OWN_COLUMNS, WebhookMapper.WRITTEN_COLUMNS, OWN_VALUES, WebhookMapper.VALUES);
  private static final String UPDATE =
      """
      update runhook.account_webhook w
      set account = :account, selector_labels = :labels, selector_ids = :stackIds, version = :version,
          enabled_version = :enabledVersion, copied_version = :copiedVersion, deleted_at = :deletedAt, %s
        and w.version <= :version
      """
          .formatted(WebhookMapper.UPDATE);

  private static final String ERASE =
      """
      update runhook.account_webhook
      set secret = null, previous_secret = null, previous_secret_expires_at = null, secret_key_id = null,
          header_names = '{}', header_values = '{}', header_key_id = null
      where id = :id and deleted_at is not null
      """;

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public JdbiAccountWebhooks(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  @Override
  public List<Webhook> lockAndList(AccountId account) {
    transaction.lock("account webhooks of " + account.name());
    return list(account);
  }

  @Override
  public List<Webhook> list(AccountId account) {
    return read(
        transaction
            .query(SELECT + "where w.account = :account order by w.id")
            .bind("account", account.name()));
  }

  @Override
  public List<Webhook> findUncopied(int limit) {
    return read(
        transaction
            .query(SELECT + "where w.copied_version < w.version order by w.id limit :limit")
            .bind("limit", limit));
  }

  private List<Webhook> read(Query query) {
    return query.map((row, ignored) -> WebhookMapper.readOfAccount(row, cipher)).list();
  }

  @Override
  public void put(Webhook webhook) {
    if (bind(transaction.update(UPDATE), webhook).execute() == 0) {
      bind(transaction.update(INSERT), webhook).execute();
    }
    if (webhook.selectorOwner().deleted()) {
      transaction.update(ERASE).bind("id", webhook.id().value()).execute();
    }
  }

  private <S extends SqlStatement<S>> S bind(S statement, Webhook webhook) {
    SelectorOwner owner = webhook.selectorOwner();
    return WebhookMapper.bind(statement, webhook, cipher)
        .bind("account", owner.account().name())
        .bind("labels", owner.selector().labels().map(LabelExpression::text).orElse(null))
        .bindArray("stackIds", String.class, owner.selector().ids())
        .bind("version", owner.version())
        .bind("enabledVersion", owner.enabledVersion())
        .bind("copiedVersion", owner.copiedVersion())
        .bind("deletedAt", owner.deleted() ? webhook.updatedAt().atOffset(ZoneOffset.UTC) : null);
  }

  @Override
  public void removeDeleted(Instant before) {
    transaction
        .update(
            "delete from runhook.account_webhook where deleted_at < :before and copied_version = version")
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .execute();
  }

  @Override
  public Map<WebhookId, CopyCount> countCopies(AccountId account) {
    return transaction
        .query(
            """
            select w.account_webhook_id, count(*) filter (where w.health = 'ACTIVE') as active,
              count(*) filter (where w.health = 'PAUSED') as paused,
              count(*) filter (where w.health = 'DISABLED') as disabled
            from runhook.webhook w join runhook.stack s on s.id = w.stack_id
            where s.account = :account and w.account_webhook_id is not null and w.deleted_at is null and LISTED
            group by w.account_webhook_id
            """
                .transform(define("LISTED", WebhookMapper.LISTED)))
        .bind("account", account.name())
        .map((row, ignored) ->
            Map.entry(
                new WebhookId(row.getObject("account_webhook_id", UUID.class)),
                new CopyCount(row.getInt("active"), row.getInt("paused"), row.getInt("disabled"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
