package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.jdbi.StackScopeBinder;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The table `stack`.
public final class JdbiStacks implements Stacks {
  private final TransactionScope transaction;

  public JdbiStacks(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public boolean save(Stack stack) {
    record Saved(UUID id, boolean isNew) {}
    Saved saved =
        UnnestParameters.of(List.of(stack))
            .textArrays("labels", Stack::labels)
            .bindTo(
                transaction.query(
                    """
                    insert into runhook.stack (id, account, slug, name, description, labels, url, repository)
                    values (:id::uuid, :account, :slug, :name, :description, (:labels)[1]::text[], :url, :repository)
                    on conflict (account, slug) do update
                    set name = excluded.name, description = excluded.description, labels = excluded.labels,
                        url = excluded.url, repository = excluded.repository, updated_at = now()
                    returning id, xmax = 0 as is_new
                    """))
            .bind("id", UuidCreator.getTimeOrderedEpoch())
            .bind("account", stack.id().account().name())
            .bind("slug", stack.id().slug())
            .bind("name", stack.name())
            .bind("description", stack.description())
            .bind("url", stack.url().orElse(null))
            .bind("repository", stack.repository().orElse(null))
            .map((row, _) -> new Saved(row.getObject("id", UUID.class), row.getBoolean("is_new")))
            .one();
    transaction.rowIds().put(stack.id(), saved.id());
    return saved.isNew();
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
        .map((row, _) -> {
          Stack stack = StackMapper.read(row);
          transaction.rowIds().put(stack.id(), row.getObject("id", UUID.class));
          return stack;
        })
        .forEach(stack -> found.put(stack.id(), stack));
    return found;
  }

  @Override
  public Page<Stack> list(AccountId account, StackScope scope, PageRequest page) {
    String after = page.after().map(cursor -> new StackId(account, cursor).slug()).orElse("");
    List<Stack> fetched =
        StackScopeBinder.bind(
                scope,
                transaction.query(
                    """
                    select * from runhook.stack
                    where account = :account and slug > :after and (:allStacks or slug = any (:slugs))
                    order by slug
                    limit :limit
                    """))
            .bind("account", account.name())
            .bind("after", after)
            .bind("limit", page.limit() + 1)
            .map((row, _) -> StackMapper.read(row))
            .list();
    return Page.of(fetched, page, stack -> stack.id().slug());
  }

  @Override
  public boolean delete(StackId id) {
    boolean deleted = new DeleteStack(transaction).delete(id);
    transaction.rowIds().remove(id);
    return deleted;
  }
}
