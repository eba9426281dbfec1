package dev.runhook.persistence;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
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

final class JdbiWebhooks implements Webhooks {
  private static final String SELECT =
      "select "
          + WebhookRows.COLUMNS
          + " from runhook.webhook w join runhook.stack s on s.id = w.stack_id ";
  private static final String ONE =
      SELECT + "where w.id = :id::uuid and s.account = :account and s.slug = :slug ";
  private static final String UNTRIED = "runhook_endpoint_untried";

  private final Session session;

  JdbiWebhooks(Session session) {
    this.session = session;
  }

  @Override
  public boolean add(Webhook webhook) {
    boolean added =
        WebhookColumns.all(List.of(webhook), session.cipher())
                .bindTo(
                    session.update(
                        "insert into runhook.webhook (id, stack_id, "
                            + WebhookColumns.NAMES
                            + ") select n.id, :stack::uuid, "
                            + WebhookColumns.UNNESTED
                            + " from "
                            + WebhookColumns.SOURCE
                            + " on conflict on constraint webhook_endpoint_once do nothing"))
                .bind("stack", session.keys().ofStack(webhook.stack()))
                .execute()
            > 0;
    if (added) {
      new Revisions(session).keep(webhook);
    }
    return added;
  }

  /// The stack's row is locked in a way that recording runs, which refer to it, does not wait for.
  @Override
  public int countToAdd(StackId stack) {
    UUID key = session.keys().ofStack(stack);
    var _ =
        session
            .query("select id from runhook.stack where id = :key for no key update")
            .bind("key", key)
            .mapTo(UUID.class)
            .findOne();
    return session
        .query("select count(*) from runhook.webhook where stack_id = :key")
        .bind("key", key)
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public boolean save(Webhook webhook) {
    Handle handle = session.open();
    handle.savepoint(UNTRIED);
    try {
      WebhookColumns.all(List.of(webhook), session.cipher())
          .bindTo(
              session.update(
                  "update runhook.webhook w set ("
                      + WebhookColumns.NAMES
                      + ") = (select "
                      + WebhookColumns.UNNESTED_OVER
                      + ") from "
                      + WebhookColumns.SOURCE
                      + " where w.id = n.id"))
          .execute();
      handle.releaseSavepoint(UNTRIED);
      new Revisions(session).keep(webhook);
      return true;
    } catch (JdbiException e) {
      if (!StoreFailures.violates(e, "webhook_endpoint_once")) {
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
    session
        .queueUpdate("delete from runhook.queue where webhook_id = :id::uuid")
        .bind("id", id.value())
        .execute();
    return session
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
    return session
        .query(sql)
        .bind("id", id.value())
        .bind("account", stack.account().name())
        .bind("slug", stack.slug())
        .map((row, _) -> WebhookRows.read(row, session.cipher()))
        .findOne();
  }

  @Override
  public Page<Webhook> list(StackId stack, PageRequest page) {
    List<Rows.Keyed<Webhook>> fetched =
        session
            .query(
                SELECT
                    + """
                    where s.account = :account and s.slug = :slug and (:after::uuid is null or w.id > :after::uuid)
                    order by w.id
                    limit :limit
                    """)
            .bind("account", stack.account().name())
            .bind("slug", stack.slug())
            .bind("after", Rows.after(page).orElse(null))
            .bind("limit", page.limit() + 1)
            .map((row, _) ->
                new Rows.Keyed<>(
                    row.getObject("w_id", UUID.class), WebhookRows.read(row, session.cipher())))
            .list();
    return Rows.page(fetched, page);
  }

  @Override
  public Map<StackId, List<Webhook>> ofStacks(Collection<StackId> stacks) {
    return Columns.of(session.keys().ofStacks(stacks))
        .uuids("stacks", key -> key)
        .bindTo(session.query(SELECT + "where w.stack_id = any (:stacks) order by w.id"))
        .map((row, _) -> WebhookRows.read(row, session.cipher()))
        .collect(Collectors.groupingBy(Webhook::stack, LinkedHashMap::new, Collectors.toList()));
  }

  @Override
  public List<Webhook> lockToJudge(Set<WebhookId> failed, Set<WebhookId> successful) {
    return Columns.of(successful)
        .uuids("successful", WebhookId::value)
        .bindTo(
            Columns.of(failed)
                .uuids("failed", WebhookId::value)
                .bindTo(
                    session.query(
                        SELECT
                            + """
                            where w.id = any (:failed) or w.id = any (:successful) and (w.health <> 'ACTIVE' or w.failures > 0)
                            order by w.id
                            for no key update of w
                            """)))
        .map((row, _) -> WebhookRows.read(row, session.cipher()))
        .list();
  }

  @Override
  public void saveHealth(Collection<Webhook> webhooks) {
    WebhookColumns.health(webhooks)
        .bindTo(
            session.update(
                """
                update runhook.webhook w
                set health = n.health, failures = n.failures, health_since = n.since, health_reason = n.reason, next_probe_at = n.probe
                from unnest(:ids, :healths, :failures, :since, :reasons, :probes) as n (id, health, failures, since, reason, probe)
                where w.id = n.id
                """))
        .execute();
  }
}
