package dev.runhook.persistence.run;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Runs;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The tables `run` and `transition`.
public final class JdbiRuns implements Runs {
  private static final String BY_NAME =
      "select "
          + RunMapper.COLUMNS
          + """
          from (select distinct * from unnest(:accounts, :slugs, :names) as a (account, slug, name)) a
          join runhook.stack s on s.account = a.account and s.slug = a.slug
          join runhook.run r on r.stack_id = s.id and r.name = a.name
          """;

  private final TransactionScope transaction;

  public JdbiRuns(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public boolean add(Run run) {
    RunDetails details = run.details();
    Commit commit = details.commit();
    Optional<UUID> inserted =
        transaction
            .query(
                """
                insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message,
                  commit_author_name, commit_author_login, commit_timestamp, commit_url, triggered_by, url,
                  drift_detection, command, created_at, state, state_version, delta_added, delta_changed, delta_deleted,
                  delta_resources)
                values (:id, :stack, :name, :type, :branch, :hash, :message, :authorName, :authorLogin,
                  :committedAt::timestamptz, :commitUrl, :triggeredBy, :url, :driftDetection, :command,
                  :createdAt::timestamptz, :state, :version, :added, :changed, :deleted, :resources)
                on conflict (stack_id, name) do nothing
                returning id
                """)
            .bind("id", UuidCreator.getTimeOrderedEpoch())
            .bind("stack", transaction.rowIds().ofStack(run.id().stack()))
            .bind("name", run.id().name())
            .bind("type", details.type().name())
            .bind("branch", details.branch())
            .bind("hash", commit.hash())
            .bind("message", commit.message())
            .bind("authorName", commit.authorName())
            .bind("authorLogin", commit.authorLogin().orElse(null))
            .bind("committedAt", commit.timestamp().map(Timestamps::format).orElse(null))
            .bind("commitUrl", commit.url().orElse(null))
            .bind("triggeredBy", details.triggeredBy().orElse(null))
            .bind("url", details.url().orElse(null))
            .bind("driftDetection", details.driftDetection().orElse(null))
            .bind("command", details.command().orElse(null))
            .bind("createdAt", Timestamps.format(run.createdAt()))
            .bind("state", run.progress().state().name())
            .bind("version", run.progress().version())
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
    List<KeysetPage.Keyed<Run>> found = byName(ids, "order by r.id for no key update of r");
    found.forEach(run -> transaction.rowIds().put(run.value().id(), run.id()));
    return found.stream()
        .map(KeysetPage.Keyed::value)
        .collect(Collectors.toMap(Run::id, Function.identity()));
  }

  @Override
  public Optional<Run> find(RunId id) {
    return byName(List.of(id), "").stream().map(KeysetPage.Keyed::value).findFirst();
  }

  private List<KeysetPage.Keyed<Run>> byName(Collection<RunId> ids, String orderAndLock) {
    return UnnestParameters.of(ids)
        .texts("accounts", id -> id.stack().account().name())
        .texts("slugs", id -> id.stack().slug())
        .texts("names", RunId::name)
        .bindTo(transaction.query(BY_NAME + orderAndLock))
        .map((row, _) -> readKeyed(row))
        .list();
  }

  private static KeysetPage.Keyed<Run> readKeyed(ResultSet row) throws SQLException {
    return new KeysetPage.Keyed<>(row.getObject("id", UUID.class), RunMapper.read(row));
  }

  @Override
  public void save(Collection<Run> runs, Collection<NewDelivery> deliveries) {
    Map<RunId, String> notified = lastNotifiedVersions(deliveries);
    UnnestParameters.of(runs)
        .uuids("ids", run -> transaction.rowIds().ofRun(run.id()))
        .texts("notified", run -> notified.get(run.id()))
        .texts("states", run -> run.progress().state().name())
        .longs("versions", run -> run.progress().version())
        .longs("added", run -> run.delta().map(Delta::added).orElse(null))
        .longs("changed", run -> run.delta().map(Delta::changed).orElse(null))
        .longs("deleted", run -> run.delta().map(Delta::deleted).orElse(null))
        .longs("resources", run -> run.delta().map(Delta::resources).orElse(null))
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

  /// What new deliveries add to the column `last_notified_versions` of their runs: a JSON object of
  /// the highest state version by webhook id. Redeliveries do not count.
  private static Map<RunId, String> lastNotifiedVersions(Collection<NewDelivery> deliveries) {
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
                    .computeIfAbsent(new RunId(stack, transition.run()), _ -> new HashMap<>())
                    .merge(webhook, transition.version(), Math::max));
      }
    }
    Map<RunId, String> notified = new HashMap<>();
    versions.forEach((run, ofRun) -> notified.put(run, json(ofRun)));
    return notified;
  }

  private static String json(Map<UUID, Long> versions) {
    StringJoiner members = new StringJoiner(",", "{", "}");
    versions.forEach((webhook, version) -> members.add("\"" + webhook + "\":" + version));
    return members.toString();
  }

  @Override
  public void addTransitions(Collection<RunStateChanged> events) {
    UnnestParameters.of(events)
        .uuids("runs", event -> transaction.rowIds().ofRun(event.run().id()))
        .longs("versions", event -> event.transition().version())
        .texts("states", event -> event.transition().state().name())
        .instants("times", event -> event.transition().occurredAt())
        .booleans("expected", event -> event.transition().expected())
        .texts("notes", event -> event.transition().note().orElse(null))
        .uuids("events", event -> event.id().value())
        .longs("added", event -> event.transition().delta().map(Delta::added).orElse(null))
        .longs("changed", event -> event.transition().delta().map(Delta::changed).orElse(null))
        .longs("deleted", event -> event.transition().delta().map(Delta::deleted).orElse(null))
        .longs("resources", event -> event.transition().delta().map(Delta::resources).orElse(null))
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
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
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
                    order by r.id desc limit :limit
                    """)
            .bind("account", stack.account().name())
            .bind("slug", stack.slug())
            .bind("before", IdRange.upperBound(Optional.empty(), KeysetPage.after(page)))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> readKeyed(row))
            .list();
    return KeysetPage.of(fetched, page);
  }
}
