package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.webhook.JdbiWebhooks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table `stack`.
public final class JdbiStacks implements Stacks {
  private static final String OPEN_WEBHOOKS =
      """
      select id from runhook.webhook where stack_id = :stack and deleted_at is null order by id for update
      """;

  private static final String FREE_ID =
      "update runhook.stack set account = null, slug = null where id = :stack";

  private final TransactionScope transaction;

  public JdbiStacks(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public boolean save(Stack stack) {
    record Saved(UUID id, boolean isNew) {}
    Saved saved =
        transaction
            .query(
                """
                insert into runhook.stack (id, account, slug, name, description, labels, url, repository)
                values (:row, :id.account.name, :id.slug, :name, :description, :labels, :url, :repository)
                on conflict (account, slug) do update
                set name = excluded.name, description = excluded.description, labels = excluded.labels,
                    url = excluded.url, repository = excluded.repository, updated_at = excluded.updated_at
                returning id, xmax = 0 as is_new
                """)
            .bind("row", UuidCreator.getTimeOrderedEpoch())
            .bindMethods(stack)
            .map((row, ignored) ->
                new Saved(row.getObject("id", UUID.class), row.getBoolean("is_new")))
            .one();
    transaction.rowIds().put(stack.id(), saved.id());
    return saved.isNew();
  }

  @Override
  public Optional<Stack> findForUpdate(StackId id) {
    return transaction
        .query(
            "select * from runhook.stack where account = :account.name and slug = :slug for no key update")
        .bindMethods(id)
        .map((row, ignored) -> read(row))
        .findOne();
  }

  @Override
  public int lockAndCount(AccountId account) {
    transaction.lock("stacks of " + account.name());
    return transaction
        .query("select count(*) from runhook.stack where account = :account")
        .bind("account", account.name())
        .mapTo(Integer.class)
        .one();
  }

  @Override
  public Optional<Stack> find(StackId id) {
    return Optional.ofNullable(findAll(List.of(id)).get(id));
  }

  @Override
  public Map<StackId, Stack> findAll(Collection<StackId> ids) {
    Map<StackId, Stack> found = new HashMap<>();
    UnnestParameters.of(ids)
        .texts("accounts", id -> id.account().name())
        .texts("slugs", StackId::slug)
        .bindTo(
            transaction.query(
                """
                select distinct s.*
                from unnest(:accounts, :slugs) as a (account, slug)
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                """))
        .map((row, ignored) -> Map.entry(read(row), row.getObject("id", UUID.class)))
        .forEach(row -> {
          Stack stack = row.getKey();
          found.put(stack.id(), stack);
          transaction.rowIds().putIfAbsent(stack.id(), row.getValue());
        });
    return found;
  }

  @Override
  public Page<Stack> list(AccountId account, StackScope scope, PageRequest page) {
    return list(account, scope, page, "");
  }

  @Override
  public Page<Stack> lockAndList(AccountId account, PageRequest page) {
    return list(account, new StackScope.All(), page, "for key share");
  }

  private Page<Stack> list(AccountId account, StackScope scope, PageRequest page, String lock) {
    String after = page.after().map(cursor -> new StackId(account, cursor).slug()).orElse("");
    List<Stack> fetched =
        UnnestParameters.bindScope(
                scope,
                transaction.query(
                    """
                    select * from runhook.stack
                    where account = :account and slug > :after and (:allStacks or slug = any (:slugs))
                    order by slug limit :limit
                    """
                        + lock))
            .bind("account", account.name())
            .bind("after", after)
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> read(row))
            .list();
    return Page.of(fetched, page, stack -> stack.id().slug());
  }

  /// Deletes the webhooks, which are few. What is in flight is completed only for existing
  /// webhooks, and everything else is found only through the stack.
  @Override
  public boolean delete(StackId id) {
    Optional<UUID> locked =
        transaction
            .query(
                "select id from runhook.stack where account = :account.name and slug = :slug for update")
            .bindMethods(id)
            .mapTo(UUID.class)
            .findOne();
    locked.ifPresent(stack -> {
      List<UUID> webhooks =
          transaction.query(OPEN_WEBHOOKS).bind("stack", stack).mapTo(UUID.class).list();
      JdbiWebhooks.markDeleted(transaction, webhooks);
      transaction.update(FREE_ID).bind("stack", stack).execute();
    });
    transaction.rowIds().remove(id);
    return locked.isPresent();
  }

  @Override
  public boolean purge(int limit) {
    return new PurgeStacks(transaction, limit).removePage();
  }

  /// Reads a stack from a row of the table `stack`.
  public static Stack read(ResultSet row) throws SQLException {
    return new Stack(
        RowIds.stackId(row),
        row.getString("name"),
        row.getString("description"),
        SqlValues.texts(row, "labels"),
        Optional.ofNullable(row.getString("url")),
        Optional.ofNullable(row.getString("repository")));
  }
}
