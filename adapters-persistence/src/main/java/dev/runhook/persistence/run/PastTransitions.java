package dev.runhook.persistence.run;

import static java.util.stream.Collectors.toMap;

import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads transitions again, each with the state and the delta that its run had then.
public final class PastTransitions {
  private static final int FETCHED = 2000;

  /// The earlier transitions of a run are read, too. Each run has its transitions from an index in
  /// their order, so that nothing but the runs is sorted and the first rows arrive at once.
  private static final String TRANSITIONS =
      """
      select e.id as event_id, e.state, e.state_version, e.occurred_at, e.expected, e.note, e.changes,
        e.delta_added, e.delta_changed, e.delta_deleted, e.delta_resources,
        r.name, r.type, r.branch, r.commit_hash, r.drift_detection, r.created_at, r.account, r.slug
      from (
        select r.id, r.name, r.type, r.branch, r.commit_hash, r.drift_detection, r.created_at, s.account, s.slug
        from runhook.stack s join runhook.run r on r.stack_id = s.id
        where s.account = :account and s.slug = any (:slugs)
          and exists (select from runhook.event x where x.run_id = r.id and x.id >= :from)
        order by r.id desc) r
      cross join lateral (select * from runhook.event e where e.run_id = r.id order by e.state_version) e
      limit :max
      """;

  private final Map<StackId, Stack> stacks;
  private final Instant from;
  private int count;
  private Optional<Run> latest = Optional.empty();

  private PastTransitions(Collection<Stack> stacks, Instant from) {
    this.stacks = stacks.stream().collect(toMap(Stack::id, Function.identity()));
    this.from = from.truncatedTo(ChronoUnit.MILLIS);
  }

  /// @see dev.runhook.application.spi.StatsQueries#readTransitions
  public static int read(
      TransactionScope transaction,
      Collection<Stack> stacks,
      Instant from,
      int max,
      Consumer<RunStateChanged> consumer) {
    if (stacks.isEmpty()) {
      return 0;
    }
    PastTransitions reader = new PastTransitions(stacks, from);
    // several workers would mix the transitions of runs
    transaction.handle().execute("set local max_parallel_workers_per_gather = 0");
    transaction
        .unpreparedQuery(TRANSITIONS)
        .bind("account", stacks.iterator().next().id().account().name())
        .bindArray("slugs", String.class, stacks.stream().map(stack -> stack.id().slug()).toList())
        .bind("from", IdRange.lowerBound(from))
        .bind("max", max)
        .setFetchSize(FETCHED)
        .map((row, ignored) -> reader.read(row))
        .forEach(change -> change.ifPresent(consumer));
    return reader.count;
  }

  private Optional<RunStateChanged> read(ResultSet row) throws SQLException {
    count++;
    RunId id = new RunId(RowIds.stackId(row), row.getString("name"));
    Transition transition = RunMapper.readTransition(row, id);
    Optional<Run> before = latest.filter(run -> run.id().equals(id));
    Run after =
        before.isPresent() ? before.get().withTransition(transition) : readRun(row, id, transition);
    latest = Optional.of(after);
    EventId event = new EventId(row.getObject("event_id", UUID.class));
    if (event.createdAt().isBefore(from)) {
      return Optional.empty();
    }
    return Optional.of(
        new RunStateChanged(
            event,
            Objects.requireNonNull(stacks.get(id.stack())),
            after,
            transition,
            before.map(run -> run.progress().state()),
            Optional.empty()));
  }

  private static Run readRun(ResultSet row, RunId id, Transition first) throws SQLException {
    RunDetails details =
        new RunDetails(
            RunType.valueOf(row.getString("type")),
            row.getString("branch"),
            Commit.of(row.getString("commit_hash")),
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable((Boolean) row.getObject("drift_detection")),
            Optional.empty());
    return new Run(
        id,
        details,
        SqlValues.instant(row, "created_at"),
        new RunProgress(first.state(), first.version()),
        first.delta());
  }
}
