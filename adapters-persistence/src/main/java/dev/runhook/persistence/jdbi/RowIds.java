package dev.runhook.persistence.jdbi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;

/// The primary keys of the stacks that a transaction has read, and of the runs that it has locked,
/// by their public ids.
public final class RowIds {
  private final Function<String, Query> queries;
  private final Map<StackId, UUID> stacks = new HashMap<>();
  private final Map<RunId, UUID> runs = new HashMap<>();

  /// @param queries creates queries of the transaction
  RowIds(Function<String, Query> queries) {
    this.queries = queries;
  }

  public void put(StackId stack, UUID id) {
    stacks.put(stack, id);
  }

  /// Keeps a stack that this transaction already knows, which may have been deleted since.
  public void putIfAbsent(StackId stack, UUID id) {
    stacks.putIfAbsent(stack, id);
  }

  /// Keeps a run that this transaction has locked.
  public void put(RunId run, UUID id) {
    runs.put(run, id);
  }

  /// Makes the transaction lock runs again, because it has finished some of their deliveries.
  public void forgetRuns() {
    runs.clear();
  }

  public void remove(StackId stack) {
    stacks.remove(stack);
    runs.keySet().removeIf(run -> run.stack().equals(stack));
  }

  /// The ids of the stacks that exist.
  public List<UUID> ofStacks(Collection<StackId> wanted) {
    loadStacks(wanted.stream().filter(stack -> !stacks.containsKey(stack)).distinct().toList());
    return wanted.stream().distinct().map(stacks::get).filter(Objects::nonNull).toList();
  }

  /// @throws IllegalStateException if the stack does not exist
  public UUID ofStack(StackId stack) {
    if (!stacks.containsKey(stack)) {
      loadStacks(List.of(stack));
    }
    UUID id = stacks.get(stack);
    if (id == null) {
      throw new IllegalStateException("stack " + stack + " does not exist");
    }
    return id;
  }

  /// @throws IllegalStateException if this transaction has not locked the run
  public UUID ofRun(RunId run) {
    UUID id = runs.get(run);
    if (id == null) {
      throw new IllegalStateException("run " + run + " does not exist or was not locked");
    }
    return id;
  }

  private void loadStacks(List<StackId> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    UnnestParameters.of(unknown)
        .texts("accounts", stack -> stack.account().name())
        .texts("slugs", StackId::slug)
        .bindTo(
            queries.apply(
                """
                select s.id, s.account, s.slug
                from unnest(:accounts, :slugs) as a (account, slug)
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                """))
        .map((row, ignored) -> Map.entry(stackId(row), row.getObject("id", UUID.class)))
        .forEach(found -> stacks.put(found.getKey(), found.getValue()));
  }

  /// Reads the columns `account` and `slug`.
  public static StackId stackId(ResultSet row) throws SQLException {
    return stackId(row.getString("account"), row.getString("slug"));
  }

  public static StackId stackId(String account, String slug) {
    return new StackId(new AccountId(account), slug);
  }
}
