package dev.runhook.persistence.jdbi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.run.JdbiRuns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The store's own keys of stacks and runs, as far as a unit knows them: what it has read once it
/// need not look up again.
public final class RowIds {
  private final TransactionScope transactionScope;
  private final Map<StackId, UUID> stacks = new HashMap<>();
  private final Map<RunId, UUID> runs = new HashMap<>();

  RowIds(TransactionScope session) {
    this.transactionScope = session;
  }

  public void put(StackId id, UUID key) {
    stacks.put(id, key);
  }

  public void put(RunId id, UUID key) {
    runs.put(id, key);
  }

  public void remove(StackId id) {
    stacks.remove(id);
    runs.keySet().removeIf(run -> run.stack().equals(id));
  }

  /// The keys of those stacks that exist.
  public List<UUID> ofStacks(Collection<StackId> ids) {
    learnStacks(ids.stream().filter(id -> !stacks.containsKey(id)).distinct().toList());
    return ids.stream().distinct().filter(stacks::containsKey).map(this::known).toList();
  }

  /// The key of a stack that must exist.
  public UUID ofStack(StackId id) {
    if (!stacks.containsKey(id)) {
      learnStacks(List.of(id));
    }
    return known(id);
  }

  /// Sees to it that the keys of these runs are known, and the runs locked. Usually they are both
  /// already.
  public void lockRuns(Set<RunId> ids) {
    List<RunId> unknown = new ArrayList<>(ids);
    unknown.removeIf(runs::containsKey);
    if (!unknown.isEmpty()) {
      new JdbiRuns(transactionScope).findForUpdate(unknown);
    }
  }

  /// The key of a run that the unit has seen.
  public UUID ofRun(RunId id) {
    UUID key = runs.get(id);
    if (key == null) {
      throw new IllegalStateException("there is no run " + id + ", or it was not locked");
    }
    return key;
  }

  private UUID known(StackId id) {
    UUID key = stacks.get(id);
    if (key == null) {
      throw new IllegalStateException("there is no stack " + id);
    }
    return key;
  }

  private void learnStacks(List<StackId> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    UnnestParameters.of(unknown)
        .texts("accounts", id -> id.account().name())
        .texts("slugs", StackId::slug)
        .bindTo(
            transactionScope.query(
                """
                select s.id, s.account, s.slug
                from unnest(:accounts, :slugs) as a (account, slug)
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                """))
        .map((row, _) ->
            Map.entry(
                stackId(row.getString("account"), row.getString("slug")),
                row.getObject("id", UUID.class)))
        .forEach(found -> stacks.put(found.getKey(), found.getValue()));
  }

  public static StackId stackId(String account, String slug) {
    return new StackId(new AccountId(account), slug);
  }
}
