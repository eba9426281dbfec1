package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.spi.Runs;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The table `run`, and the transitions in the table `event`.
public final class JdbiRuns implements Runs {
  private static final String TRANSITION_COLUMNS =
      """
      e.state, e.state_version, e.occurred_at, e.recorded_at, e.expected, e.delta_added, e.delta_changed,
      e.delta_deleted, e.delta_resources, e.note, e.changes
      """;

  private static final String TRANSITIONS_BY_KEY =
      "select a.account, a.slug, a.name, "
          + TRANSITION_COLUMNS
          + """
          from unnest(:accounts, :slugs, :names, :versions) as a (account, slug, name, version)
          join runhook.stack s on s.account = a.account and s.slug = a.slug
          join runhook.run r on r.stack_id = s.id and r.name = a.name
          join runhook.event e on e.run_id = r.id and e.state_version = a.version
          """;

  private static final String TRANSITIONS =
      "select "
          + TRANSITION_COLUMNS
          + """
          from runhook.event e
          where e.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                            where s.account = :stack.account.name and s.slug = :stack.slug and r.name = :name)
          """;

  private final TransactionScope transaction;
  private final RunLocks locks;

  public JdbiRuns(TransactionScope transaction, RunLocks locks) {
    this.transaction = transaction;
    this.locks = locks;
  }

  @Override
  public boolean add(Run run) {
    Optional<UUID> inserted =
        transaction
            .query(
                """
                insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message,
                  commit_author_name, commit_author_login, commit_timestamp, commit_url, triggered_by, url,
                  drift_detection, command, created_at, state, state_version, delta_added, delta_changed, delta_deleted,
                  delta_resources)
                values (:row, :stack, :id.name, :details.type, :details.branch, :details.commit.hash,
                  :details.commit.message, :details.commit.authorName, :details.commit.authorLogin,
                  :details.commit.timestamp, :details.commit.url, :details.triggeredBy, :details.url,
                  :details.driftDetection, :details.command, :createdAt, :progress.state, :progress.version, :added,
                  :changed, :deleted, :resources)
                on conflict (stack_id, name) do nothing
                returning id
                """)
            .bindMethods(run)
            .bind("row", UuidCreator.getTimeOrderedEpoch())
            .bind("stack", transaction.rowIds().ofStack(run.id().stack()))
            .bind("added", run.delta().map(Delta::added).orElse(null))
            .bind("changed", run.delta().map(Delta::changed).orElse(null))
            .bind("deleted", run.delta().map(Delta::deleted).orElse(null))
            .bind("resources", run.delta().map(Delta::resources).orElse(null))
            .mapTo(UUID.class)
            .findOne();
    inserted.ifPresent(id -> transaction.rowIds().put(run.id(), id));
    return inserted.isPresent();
  }

  @Override
  public Map<RunId, Run> findForUpdate(Collection<RunId> ids) {
    return locks.lock(ids);
  }

  @Override
  public LockedRuns tryFindForUpdate(Collection<RunId> ids) {
    return locks.tryLock(ids);
  }

  @Override
  public Optional<Run> find(RunId id) {
    return locks.read(List.of(id)).stream().map(StoredRun::run).findFirst();
  }

  @Override
  public Map<TransitionKey, Transition> findTransitions(Collection<TransitionKey> keys) {
    return UnnestParameters.of(keys)
        .texts("accounts", key -> key.run().stack().account().name())
        .texts("slugs", key -> key.run().stack().slug())
        .texts("names", key -> key.run().name())
        .longs("versions", TransitionKey::version)
        .bindTo(transaction.query(TRANSITIONS_BY_KEY))
        .map((row, ignored) ->
            RunMapper.readTransition(row, new RunId(RowIds.stackId(row), row.getString("name"))))
        .collectToMap(
            transition -> new TransitionKey(transition.run(), transition.version()),
            Function.identity());
  }

  @Override
  public Page<Transition> transitions(RunId run, PageRequest page) {
    List<Transition> fetched =
        transaction
            .query(
                TRANSITIONS
                    + "and e.state_version < :before order by e.state_version desc limit :limit")
            .bindMethods(run)
            .bind("before", page.after().map(Long::valueOf).orElse(Long.MAX_VALUE))
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> RunMapper.readTransition(row, run))
            .list();
    return Page.of(fetched, page, transition -> Long.toString(transition.version()));
  }

  @Override
  public Map<Long, Instant> recordedTimes(RunId run, Collection<Long> versions) {
    return transaction
        .query(TRANSITIONS + "and e.state_version = any (:versions)")
        .bindMethods(run)
        .bindArray("versions", Long.class, versions)
        .map((row, ignored) ->
            Map.entry(row.getLong("state_version"), SqlValues.instant(row, "recorded_at")))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public Page<Run> list(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    return new ListRuns(transaction).list(account, stackScope, filter, page);
  }
}
