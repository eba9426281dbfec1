package dev.runhook.persistence.run;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Runs;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The tables `run` and `transition`.
public final class JdbiRuns implements Runs {
  private final TransactionScope transaction;

  public JdbiRuns(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public boolean add(Run run) {
    return new InsertRun(transaction).insert(run);
  }

  @Override
  public Map<RunId, Run> findForUpdate(Collection<RunId> ids) {
    List<KeysetPage.Keyed<Run>> found =
        byName(
            ids,
            "select "
                + RunMapper.COLUMNS
                + """
                from (select distinct * from unnest(:accounts, :slugs, :names) as a (account, slug, name)) a
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                join runhook.run r on r.stack_id = s.id and r.name = a.name
                order by r.id
                for no key update of r
                """);
    found.forEach(run -> transaction.rowIds().put(run.value().id(), run.id()));
    return found.stream()
        .map(KeysetPage.Keyed::value)
        .collect(Collectors.toMap(Run::id, Function.identity()));
  }

  @Override
  public Optional<Run> find(RunId id) {
    return byName(
            List.of(id),
            "select "
                + RunMapper.COLUMNS
                + """
                from unnest(:accounts, :slugs, :names) as a (account, slug, name)
                join runhook.stack s on s.account = a.account and s.slug = a.slug
                join runhook.run r on r.stack_id = s.id and r.name = a.name
                """)
        .stream()
        .map(KeysetPage.Keyed::value)
        .findFirst();
  }

  private List<KeysetPage.Keyed<Run>> byName(Collection<RunId> ids, String sql) {
    return UnnestParameters.of(ids)
        .texts("accounts", id -> id.stack().account().name())
        .texts("slugs", id -> id.stack().slug())
        .texts("names", RunId::name)
        .bindTo(transaction.query(sql))
        .map((row, _) ->
            new KeysetPage.Keyed<>(row.getObject("id", UUID.class), RunMapper.read(row)))
        .list();
  }

  @Override
  public void save(Collection<Run> runs, Collection<NewDelivery> deliveries) {
    Map<RunId, String> notified = LastNotifiedVersions.byRun(deliveries);
    RunMapper.withDelta(
            UnnestParameters.of(runs)
                .uuids("ids", run -> transaction.rowIds().ofRun(run.id()))
                .texts("notified", run -> notified.get(run.id()))
                .texts("states", run -> run.progress().state().name())
                .longs("versions", run -> run.progress().version()),
            Run::delta)
        .bindTo(
            transaction.update(
                """
                update runhook.run r
                set state = n.state, state_version = n.state_version, delta_added = n.added,
                    delta_changed = n.changed, delta_deleted = n.deleted, delta_resources = n.resources,
                    last_transition_at = now(),
                    last_notified_versions = case when n.notified is null then r.last_notified_versions
                      else r.last_notified_versions || n.notified::jsonb end
                from unnest(:ids, :notified, :states, :versions, :added, :changed, :deleted, :resources)
                  as n (id, notified, state, state_version, added, changed, deleted, resources)
                where r.id = n.id
                """))
        .execute();
  }

  @Override
  public void addTransitions(Collection<RunStateChanged> events) {
    RunMapper.withDelta(
            UnnestParameters.of(events)
                .uuids("runs", event -> transaction.rowIds().ofRun(event.run().id()))
                .longs("versions", event -> event.transition().version())
                .texts("states", event -> event.transition().state().name())
                .instants("times", event -> event.transition().occurredAt())
                .booleans("expected", event -> event.transition().expected())
                .texts("notes", event -> event.transition().note().orElse(null))
                .uuids("events", event -> event.id().value()),
            event -> event.transition().delta())
        .bindTo(
            transaction.update(
                """
                insert into runhook.transition (run_id, state_version, state, occurred_at, expected, note, event_id,
                  delta_added, delta_changed, delta_deleted, delta_resources)
                select * from unnest(:runs, :versions, :states, :times, :expected, :notes, :events, :added, :changed,
                  :deleted, :resources)
                """))
        .execute();
  }

  @Override
  public Optional<Transition> findTransition(RunId run, long version) {
    return transitions(run, OptionalLong.of(version)).stream().findFirst();
  }

  @Override
  public List<Transition> transitions(RunId run) {
    return transitions(run, OptionalLong.empty());
  }

  private List<Transition> transitions(RunId run, OptionalLong version) {
    return transaction
        .query(
            """
            select t.* from runhook.transition t
            where t.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                              where s.account = :account and s.slug = :slug and r.name = :name)
              and (:all or t.state_version = :version)
            order by t.state_version
            """)
        .bind("account", run.stack().account().name())
        .bind("slug", run.stack().slug())
        .bind("name", run.name())
        .bind("all", version.isEmpty())
        .bind("version", version.orElse(0))
        .map((row, _) -> RunMapper.readTransition(row, run))
        .list();
  }

  @Override
  public Map<Long, Instant> recordedTimes(RunId run) {
    return transaction
        .query(
            """
            select t.state_version, t.recorded_at from runhook.transition t
            where t.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                              where s.account = :account and s.slug = :slug and r.name = :name)
            """)
        .bind("account", run.stack().account().name())
        .bind("slug", run.stack().slug())
        .bind("name", run.name())
        .map((row, _) ->
            Map.entry(row.getLong("state_version"), Timestamps.read(row, "recorded_at")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public Page<Run> list(StackId stack, PageRequest page) {
    List<KeysetPage.Keyed<Run>> fetched =
        transaction
            .query(
                "select "
                    + RunMapper.COLUMNS
                    + """
                    from runhook.stack s join runhook.run r on r.stack_id = s.id
                    where s.account = :account and s.slug = :slug and r.id < :before
                    order by r.id desc
                    limit :limit
                    """)
            .bind("account", stack.account().name())
            .bind("slug", stack.slug())
            .bind("before", IdRange.upperBound(Optional.empty(), KeysetPage.after(page)))
            .bind("limit", page.limit() + 1)
            .map((row, _) ->
                new KeysetPage.Keyed<>(row.getObject("id", UUID.class), RunMapper.read(row)))
            .list();
    return KeysetPage.of(fetched, page);
  }
}
