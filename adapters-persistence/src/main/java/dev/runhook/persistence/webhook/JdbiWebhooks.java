package dev.runhook.persistence.webhook;

import static dev.runhook.domain.setting.WebhookSetting.FORMAT;
import static dev.runhook.domain.setting.WebhookSetting.TEMPLATE;
import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.CopySource;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/// The table `webhook`.
public final class JdbiWebhooks implements Webhooks {
  private static final String SELECT =
      "select "
          + WebhookMapper.COLUMNS
          + " from runhook.webhook w join runhook.stack s on s.id = w.stack_id ";
  private static final String ONE =
      SELECT + "where w.id = :id and s.account = :account and w.deleted_at is null ";

  /// Finds the webhooks through their stacks, so that those of other accounts are not read.
  private static final String LIST =
      "with listed as materialized ("
          + """
          select w.id
          from runhook.stack s join runhook.webhook w on w.stack_id = s.id
          where s.account = :account and (:allStacks or s.slug = any (:slugs)) and w.deleted_at is null
            and (:externalId::text is null or w.settings ->> 'externalId' = :externalId)
            and (:after::uuid is null or w.id > :after::uuid) and LISTED
          order by w.id limit :limit)
          """
              .transform(define("LISTED", WebhookMapper.LISTED))
          + SELECT
          + "where w.id = any (array(select id from listed)) order by w.id";

  private static final String LIST_ALL =
      SELECT
          + """
          where w.deleted_at is null and (:after::uuid is null or w.id > :after::uuid) and LISTED
          order by w.id limit :limit
          """
              .transform(define("LISTED", WebhookMapper.LISTED));

  private static final String INSERT =
      """
      insert into runhook.webhook (id, stack_id, account_webhook_id, account_webhook_version, selected, %s)
      values (:id, :stack, :accountWebhook::uuid, :accountWebhookVersion::integer, :selected, %s)
      on conflict (stack_id, endpoint_normalized) where deleted_at is null and account_webhook_id is null do nothing
      """
          .formatted(WebhookMapper.WRITTEN_COLUMNS, WebhookMapper.VALUES);
  private static final String UPDATE =
      "update runhook.webhook w set account_webhook_version = :accountWebhookVersion, selected ="
          + " :selected, "
          + WebhookMapper.UPDATE;

  private static final int BATCH_SIZE = 1000;

  private static final List<String> MARK_DELETED =
      List.of(
          """
          update runhook.webhook_revision
          set header_values = array_fill(''::text, array[cardinality(header_names)]), header_key_id = null
          where webhook_id = any (:ids)
          """,
          """
          update runhook.webhook
          set deleted_at = now(), health = 'DISABLED', proven = false, health_since = now(), last_error = null, disabled_by = null,
              next_probe_at = null, secret = '', previous_secret = null, previous_secret_expires_at = null,
              secret_key_id = null, header_names = '{}', header_values = '{}', header_key_id = null
          where id = any (:ids)
          """);

  private static final String NEEDS_HEALTH_UPDATE =
      """
      select w.id from runhook.webhook w
      where w.deleted_at is null and (w.id = any (:failed)
        or w.id = any (:successful) and (not w.proven))
      """;

  private static final String TRY_LOCK =
      SELECT
          + "where w.id = any (:ids) and w.deleted_at is null order by w.id for no key update of w"
          + " skip locked";

  private static final String SAVE_FORMAT_ERRORS =
      """
      update runhook.webhook w set format_error = n.error
      from unnest(:ids, :formats, :templates, :errors) as n (id, format, template, error)
      where w.id = n.id and w.settings ->> 'format' is not distinct from n.format
        and w.settings ->> 'template' is not distinct from n.template
        and w.id = any (array(
          select l.id from runhook.webhook l where l.id = any (:ids) and l.deleted_at is null
          order by l.id for no key update skip locked))
      """;

  private static final String BEFORE_UPDATE = "runhook_before_update";

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public JdbiWebhooks(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  @Override
  public boolean add(Webhook webhook) {
    UUID stack = transaction.rowIds().ofStack(webhook.stack());
    boolean added = bindAll(webhook, transaction.update(INSERT)).bind("stack", stack).execute() > 0;
    if (added) {
      new WebhookRevisions(transaction, cipher).add(webhook);
    }
    return added;
  }

  private <S extends SqlStatement<S>> S bindAll(Webhook webhook, S statement) {
    Optional<CopySource> source = webhook.source();
    return WebhookMapper.bind(statement, webhook, cipher)
        .bind("accountWebhook", source.map(of -> of.id().value()).orElse(null))
        .bind("accountWebhookVersion", source.map(CopySource::version).orElse(null))
        .bind("selected", webhook.isSelected());
  }

  /// The lock does not block the insertion of runs, which reference the stack.
  @Override
  public int lockAndCount(StackId stack) {
    UUID id = transaction.rowIds().ofStack(stack);
    var ignored =
        transaction
            .query("select id from runhook.stack where id = :id for no key update")
            .bind("id", id)
            .mapTo(UUID.class)
            .findOne();
    return transaction
        .query(
            """
            select count(*) from runhook.webhook
            where stack_id = :id and deleted_at is null and account_webhook_id is null
            """)
        .bind("id", id)
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public int lockAndCount(AccountId account) {
    transaction.lock("webhooks of " + account.name());
    return transaction
        .query(
            """
            select count(*) from runhook.webhook w join runhook.stack s on s.id = w.stack_id
            where s.account = :account and w.deleted_at is null and w.account_webhook_id is null
            """)
        .bind("account", account.name())
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public boolean save(Webhook webhook) {
    Handle handle = transaction.handle();
    handle.savepoint(BEFORE_UPDATE);
    new WebhookInterruptions(transaction).add(List.of(webhook));
    try {
      bindAll(webhook, transaction.update(UPDATE)).execute();
      handle.releaseSavepoint(BEFORE_UPDATE);
      new WebhookRevisions(transaction, cipher).add(webhook);
      return true;
    } catch (JdbiException e) {
      if (!SqlErrors.violatesUnique(e, "webhook_endpoint_key")) {
        throw e;
      }
      handle.rollbackToSavepoint(BEFORE_UPDATE);
      return false;
    }
  }

  @Override
  public boolean delete(StackId stack, WebhookId id) {
    if (findForUpdate(stack, id).isEmpty()) {
      return false;
    }
    EndOpenDeliveries open = new EndOpenDeliveries(transaction);
    int ended;
    do {
      ended = open.end(List.of(id.value()), BATCH_SIZE);
    } while (ended == BATCH_SIZE);
    markDeleted(transaction, List.of(id.value()));
    return true;
  }

  /// Marks locked webhooks as deleted, and erases their secrets and headers.
  public static void markDeleted(TransactionScope transaction, Collection<UUID> ids) {
    MARK_DELETED.forEach(
        sql -> UnnestParameters.bindIds("ids", ids, transaction.unpreparedUpdate(sql)).execute());
  }

  @Override
  public Optional<Webhook> find(AccountId account, WebhookId id) {
    return findOne(transaction.query(ONE), account, id);
  }

  @Override
  public boolean exists(StackId stack, WebhookId id) {
    return transaction
        .query(
            """
            select exists (
              select 1 from runhook.webhook w join runhook.stack s on s.id = w.stack_id
              where w.id = :id and s.account = :account.name and s.slug = :slug)
            """)
        .bind("id", id.value())
        .bindMethods(stack)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public Optional<Webhook> findForUpdate(StackId stack, WebhookId id) {
    Query query = transaction.query(ONE + "and s.slug = :slug for update of w");
    return findOne(query.bind("slug", stack.slug()), stack.account(), id);
  }

  private Optional<Webhook> findOne(Query query, AccountId account, WebhookId id) {
    return query
        .bind("id", id.value())
        .bind("account", account.name())
        .map((row, ignored) -> WebhookMapper.read(row, cipher))
        .findOne();
  }

  @Override
  public Page<Webhook> list(
      AccountId account, StackScope stackScope, Optional<String> externalId, PageRequest page) {
    return list(
        UnnestParameters.bindScope(stackScope, transaction.query(LIST))
            .bind("account", account.name())
            .bind("externalId", externalId.orElse(null)),
        page);
  }

  @Override
  public Page<Webhook> list(PageRequest page) {
    return list(transaction.query(LIST_ALL), page);
  }

  private Page<Webhook> list(Query query, PageRequest page) {
    List<Webhook> fetched =
        query
            .bind("after", IdRange.cursor(page).orElse(null))
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> WebhookMapper.read(row, cipher))
            .list();
    return Page.of(fetched, page, webhook -> webhook.id().toString());
  }

  @Override
  public Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks) {
    return findByStacks(stacks, "w.deleted_at is null");
  }

  @Override
  public Map<StackId, List<Webhook>> findSubscribers(Collection<StackId> stacks) {
    return findByStacks(stacks, "w.deleted_at is null and w.settings -> 'events' is not null");
  }

  private Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks, String condition) {
    return UnnestParameters.bindIds(
            "stacks",
            transaction.rowIds().ofStacks(stacks),
            transaction.query(
                SELECT + "where w.stack_id = any (:stacks) and " + condition + " order by w.id"))
        .map((row, ignored) -> WebhookMapper.read(row, cipher))
        .collect(Collectors.groupingBy(Webhook::stack, LinkedHashMap::new, Collectors.toList()));
  }

  @Override
  public LockedWebhooks findForHealthUpdate(Set<WebhookId> failed, Set<WebhookId> successful) {
    Set<WebhookId> found =
        bindIds(
                "failed",
                failed,
                bindIds("successful", successful, transaction.query(NEEDS_HEALTH_UPDATE)))
            .map((row, ignored) -> new WebhookId(row.getObject("id", UUID.class)))
            .set();
    if (found.isEmpty()) {
      return new LockedWebhooks(List.of(), Set.of());
    }
    List<Webhook> locked =
        bindIds("ids", found, transaction.query(TRY_LOCK))
            .map((row, ignored) -> WebhookMapper.read(row, cipher))
            .list();
    locked.forEach(webhook -> found.remove(webhook.id()));
    return new LockedWebhooks(locked, found);
  }

  private static Query bindIds(String name, Collection<WebhookId> ids, Query query) {
    return UnnestParameters.of(ids).uuids(name, WebhookId::value).bindTo(query);
  }

  @Override
  public List<LaggingWebhook> markLagging(Duration lag, int limit) {
    return new LaggingWebhookQuery(transaction, cipher).mark(lag, limit);
  }

  @Override
  public void saveHealth(Collection<Webhook> webhooks) {
    new WebhookInterruptions(transaction).add(webhooks);
    WebhookMapper.health(webhooks)
        .bindTo(
            transaction.update(
                """
                with n as materialized (
                  select *, case when health <> 'ACTIVE' or failures > 0 then now() end as failed_at
                  from unnest(:ids, :healths, :failures, :proven, :since, :lastErrors, :disabledBy, :probes)
                    as u (id, health, failures, proven, since, last_error, disabled_by, probe)
                )
                update runhook.webhook w
                set health = n.health, consecutive_failures = n.failures, proven = n.proven, health_since = n.since,
                    last_error = n.last_error, disabled_by = n.disabled_by, next_probe_at = n.probe,
                    last_failure_at = coalesce(n.failed_at, w.last_failure_at)
                from n
                where w.id = n.id
                """))
        .execute();
  }

  @Override
  public void saveFormatErrors(Collection<Webhook> webhooks) {
    UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("formats", webhook -> WebhookMapper.settingText(webhook.settings(), FORMAT))
        .texts("templates", webhook -> WebhookMapper.settingText(webhook.settings(), TEMPLATE))
        .texts("errors", webhook -> webhook.formatError().orElse(null))
        .bindTo(transaction.unpreparedUpdate(SAVE_FORMAT_ERRORS))
        .execute();
  }
}
