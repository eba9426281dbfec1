package dev.runhook.persistence.webhook;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
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

public final class JdbiWebhooks implements Webhooks {
  private static final String SELECT =
      "select "
          + WebhookMapper.COLUMNS
          + " from runhook.webhook w join runhook.stack s on s.id = w.stack_id ";
  private static final String ONE =
      SELECT + "where w.id = :id::uuid and s.account = :account and s.slug = :slug ";
  private static final String UNTRIED = "runhook_endpoint_untried";

  private final TransactionScope transactionScope;

  public JdbiWebhooks(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public boolean add(Webhook webhook) {
    boolean added =
        WebhookBinder.all(List.of(webhook), transactionScope.cipher())
                .bindTo(
                    transactionScope.update(
                        "insert into runhook.webhook (id, stack_id, "
                            + WebhookBinder.COLUMNS
                            + ") select n.id, :stack::uuid, "
                            + WebhookBinder.UNNESTED
                            + " from "
                            + WebhookBinder.SOURCE
                            + " on conflict on constraint webhook_endpoint_key do nothing"))
                .bind("stack", transactionScope.rowIds().ofStack(webhook.stack()))
                .execute()
            > 0;
    if (added) {
      new WebhookRevisions(transactionScope).add(webhook);
    }
    return added;
  }

  /// The stack's row is locked in a way that recording runs, which refer to it, does not wait for.
  @Override
  public int lockAndCount(StackId stack) {
    UUID key = transactionScope.rowIds().ofStack(stack);
    var _ =
        transactionScope
            .query("select id from runhook.stack where id = :key for no key update")
            .bind("key", key)
            .mapTo(UUID.class)
            .findOne();
    return transactionScope
        .query("select count(*) from runhook.webhook where stack_id = :key")
        .bind("key", key)
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public boolean save(Webhook webhook) {
    Handle handle = transactionScope.handle();
    handle.savepoint(UNTRIED);
    try {
      WebhookBinder.all(List.of(webhook), transactionScope.cipher())
          .bindTo(
              transactionScope.update(
                  "update runhook.webhook w set ("
                      + WebhookBinder.COLUMNS
                      + ") = (select "
                      + WebhookBinder.UNNESTED_OVER
                      + ") from "
                      + WebhookBinder.SOURCE
                      + " where w.id = n.id"))
          .execute();
      handle.releaseSavepoint(UNTRIED);
      new WebhookRevisions(transactionScope).add(webhook);
      return true;
    } catch (JdbiException e) {
      if (!SqlErrors.violatesUnique(e, "webhook_endpoint_key")) {
        throw e;
      }
      handle.rollbackToSavepoint(UNTRIED);
      return false;
    }
  }

  @Override
  public boolean delete(StackId stack, WebhookId id) {
    if (findForUpdate(stack, id).isEmpty()) {
      return false;
    }
    transactionScope
        .unpreparedUpdate("delete from runhook.delivery_queue where webhook_id = :id::uuid")
        .bind("id", id.value())
        .execute();
    return transactionScope
            .update("delete from runhook.webhook where id = :id::uuid")
            .bind("id", id.value())
            .execute()
        > 0;
  }

  @Override
  public Optional<Webhook> find(StackId stack, WebhookId id) {
    return findOne(ONE, stack, id);
  }

  @Override
  public Optional<Webhook> findForUpdate(StackId stack, WebhookId id) {
    return findOne(ONE + "for update of w", stack, id);
  }

  private Optional<Webhook> findOne(String sql, StackId stack, WebhookId id) {
    return transactionScope
        .query(sql)
        .bind("id", id.value())
        .bind("account", stack.account().name())
        .bind("slug", stack.slug())
        .map((row, _) -> WebhookMapper.read(row, transactionScope.cipher()))
        .findOne();
  }

  @Override
  public Page<Webhook> list(StackId stack, PageRequest page) {
    List<KeysetPage.Keyed<Webhook>> fetched =
        transactionScope
            .query(
                SELECT
                    + """
                    where s.account = :account and s.slug = :slug and (:after::uuid is null or w.id > :after::uuid)
                    order by w.id
                    limit :limit
                    """)
            .bind("account", stack.account().name())
            .bind("slug", stack.slug())
            .bind("after", KeysetPage.after(page).orElse(null))
            .bind("limit", page.limit() + 1)
            .map((row, _) ->
                new KeysetPage.Keyed<>(
                    row.getObject("w_id", UUID.class),
                    WebhookMapper.read(row, transactionScope.cipher())))
            .list();
    return KeysetPage.of(fetched, page);
  }

  @Override
  public Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks) {
    return UnnestParameters.of(transactionScope.rowIds().ofStacks(stacks))
        .uuids("stacks", key -> key)
        .bindTo(transactionScope.query(SELECT + "where w.stack_id = any (:stacks) order by w.id"))
        .map((row, _) -> WebhookMapper.read(row, transactionScope.cipher()))
        .collect(Collectors.groupingBy(Webhook::stack, LinkedHashMap::new, Collectors.toList()));
  }

  @Override
  public List<Webhook> findForHealthUpdate(Set<WebhookId> failed, Set<WebhookId> successful) {
    return UnnestParameters.of(successful)
        .uuids("successful", WebhookId::value)
        .bindTo(
            UnnestParameters.of(failed)
                .uuids("failed", WebhookId::value)
                .bindTo(
                    transactionScope.query(
                        SELECT
                            + """
                            where w.id = any (:failed) or w.id = any (:successful) and (w.health <> 'ACTIVE' or w.consecutive_failures > 0)
                            order by w.id
                            for no key update of w
                            """)))
        .map((row, _) -> WebhookMapper.read(row, transactionScope.cipher()))
        .list();
  }

  @Override
  public void saveHealth(Collection<Webhook> webhooks) {
    WebhookBinder.health(webhooks)
        .bindTo(
            transactionScope.update(
                """
                update runhook.webhook w
                set health = n.health, consecutive_failures = n.failures, health_since = n.since, health_reason = n.reason, next_probe_at = n.probe
                from unnest(:ids, :healths, :failures, :since, :reasons, :probes) as n (id, health, failures, since, reason, probe)
                where w.id = n.id
                """))
        .execute();
  }
}
