package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The table `run`, and the transitions in the table `event`.
public final class JdbiRuns implements Runs {
  private static final String TRANSITION_COLUMNS =
      """
      e.state, e.state_version, e.occurred_at, e.recorded_at, e.expected, e.delta_added, e.delta_changed,
      e.delta_deleted, e.delta_resources, e.note
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
  private final KnownRuns known;
  private final RunLocks locks;
  private final Map<RunId, StoredRun> saved = new HashMap<>();

  /// @param known gets the saved runs in [#afterCommit]
  public JdbiRuns(TransactionScope transaction, KnownRuns known) {
    this.transaction = transaction;
    this.known = known;
    this.locks = new RunLocks(transaction, known);
  }

  public void afterCommit() {
    known.put(saved.values());
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
    inserted.ifPresent(id -> transaction.rowIds().put(run.id(), id, Map.of()));
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
  public void save(Collection<Run> runs, Collection<NewDelivery> deliveries) {
    Map<RunId, Map<UUID, Long>> notified = lastNotifiedVersions(deliveries);
    List<Instant> changed =
        UnnestParameters.of(runs)
            .uuids("ids", run -> transaction.rowIds().ofRun(run.id()))
            .texts("notified", run -> json(notified.get(run.id())))
            .texts("states", run -> run.progress().state().name())
            .longs("versions", run -> run.progress().version())
            .longs("added", run -> run.delta().map(Delta::added).orElse(null))
            .longs("changed", run -> run.delta().map(Delta::changed).orElse(null))
            .longs("deleted", run -> run.delta().map(Delta::deleted).orElse(null))
            .longs("resources", run -> run.delta().map(Delta::resources).orElse(null))
            .bindTo(
                transaction.query(
                    """
                    update runhook.run r
                    set state = n.state, state_version = n.state_version, delta_added = n.added,
                        delta_changed = n.changed, delta_deleted = n.deleted, delta_resources = n.resources,
                        last_transition_at = now(),
                        last_notified_versions = case when n.notified is null then r.last_notified_versions
                          else r.last_notified_versions || n.notified::jsonb end
                    from unnest(:ids, :notified, :states, :versions, :added, :changed, :deleted, :resources)
                      as n (id, notified, state, state_version, added, changed, deleted, resources)
                    where r.id = n.id and r.state_version <= n.state_version
                    returning r.last_transition_at
                    """))
            .mapTo(Instant.class)
            .list();
    if (changed.size() != runs.size()) {
      throw new IllegalStateException("a run would return to an earlier version");
    }
    for (Run run : runs) {
      RunId id = run.id();
      RowIds rowIds = transaction.rowIds();
      Map<UUID, Long> versions =
          rowIds.putLastNotifiedVersions(id, notified.getOrDefault(id, Map.of()));
      // the instants of other runs, which it has just added, are more precise than those it reads
      if (locks.isLocked(id)) {
        saved.put(
            id,
            new StoredRun(
                rowIds.ofRun(id), rowIds.ofStack(id.stack()), run, versions, changed.getFirst()));
      }
    }
  }

  /// What new deliveries add to the column `last_notified_versions` of their runs: the highest
  /// state version by webhook id. Redeliveries do not count.
  private static Map<RunId, Map<UUID, Long>> lastNotifiedVersions(
      Collection<NewDelivery> deliveries) {
    Map<RunId, Map<UUID, Long>> versions = new HashMap<>();
    for (NewDelivery delivery : deliveries) {
      if (delivery.content().redeliveryOf().isEmpty()) {
        UUID webhook = delivery.webhook().id().value();
        StackId stack = delivery.webhook().stack();
        delivery
            .content()
            .transition()
            .ifPresent(transition ->
                versions
                    .computeIfAbsent(new RunId(stack, transition.run()), ignored -> new HashMap<>())
                    .merge(webhook, transition.version(), Math::max));
      }
    }
    return versions;
  }

  private static @Nullable String json(@Nullable Map<UUID, Long> versions) {
    return versions == null
        ? null
        : versions.entrySet().stream()
            .map(webhook -> "\"" + webhook.getKey() + "\":" + webhook.getValue())
            .collect(Collectors.joining(",", "{", "}"));
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
