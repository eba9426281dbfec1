package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

public final class JdbiStacks implements Stacks {
  private final TransactionScope transactionScope;

  public JdbiStacks(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public boolean save(Stack stack) {
    record Saved(UUID key, boolean isNew) {}
    Saved saved =
        UnnestParameters.of(List.of(stack))
            .textArrays("labels", Stack::labels)
            .bindTo(
                transactionScope.query(
                    """
                    insert into runhook.stack (id, account, slug, name, description, labels, url, repository)
                    values (:id::uuid, :account, :slug, :name, :description, (:labels)[1]::text[], :url, :repository)
                    on conflict (account, slug) do update
                    set name = excluded.name, description = excluded.description, labels = excluded.labels, url = excluded.url,
                        repository = excluded.repository, updated_at = now()
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
    transactionScope.rowIds().put(stack.id(), saved.key());
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
            transactionScope.query(
                """
                select distinct s.*
                from unnest(:accounts, :slugs) as a (account, slug)
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                """))
        .map((row, _) -> {
          Stack stack = StackMapper.read(row);
          transactionScope.rowIds().put(stack.id(), row.getObject("id", UUID.class));
          return stack;
        })
        .forEach(stack -> found.put(stack.id(), stack));
    return found;
  }

  @Override
  public Page<Stack> list(AccountId account, StackScope stackScope, PageRequest page) {
    String after = page.after().map(cursor -> new StackId(account, cursor).slug()).orElse("");
    List<Stack> fetched =
        UnnestParameters.of(StackMapper.slugs(stackScope))
            .texts("some", slug -> slug)
            .bindTo(
                transactionScope.query(
                    """
                    select * from runhook.stack
                    where account = :account and slug > :after and (:all or slug = any (:some))
                    order by slug
                    limit :limit
                    """))
            .bind("account", account.name())
            .bind("after", after)
            .bind("all", stackScope instanceof All)
            .bind("limit", page.limit() + 1)
            .map((row, _) -> StackMapper.read(row))
            .list();
    return Page.of(fetched, page, stack -> stack.id().slug());
  }

  @Override
  public boolean delete(StackId id) {
    boolean deleted = new DeleteStack(transactionScope).delete(id);
    transactionScope.rowIds().remove(id);
    return deleted;
  }
}
