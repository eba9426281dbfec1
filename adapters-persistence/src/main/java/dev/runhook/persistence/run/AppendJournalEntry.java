package dev.runhook.persistence.run;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stores what a transaction records: the events with their transitions, the skip reasons, the
/// deliveries, and the progress of the runs. Deliveries are inserted before the last notified
/// versions are updated.
public final class AppendJournalEntry {
  /// The payloads that one statement inserts. The driver copies them.
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  private static final String INSERT_EVENTS =
      """
      insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at,
        expected, delta_added, delta_changed, delta_deleted, delta_resources, note, changes, payload,
        trace_parent, trace_state)
      select * from unnest(:ids, :stacks, :kinds, :subjects, :names, :states, :versions, :times, :expected,
        :added, :changed, :deleted, :resources, :notes, :changes, :payloads, :traceparents,
        :tracestates)
      """;

  private static final String INSERT_OPERATIONAL_EVENTS =
      INSERT_EVENTS.transform(define("run_id", "affected_webhook_id"));

  private static final String INSERT_SKIPPED =
      """
      insert into runhook.skipped_delivery (event_id, webhook_id, reason, reason_values)
      select n.event, n.webhook, n.reason, n.reason_values::text[]
      from unnest(:events, :webhooks, :reasons, :values) as n (event, webhook, reason, reason_values)
      """;

  private static final String UPDATE_RUNS =
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
      """;

  private final TransactionScope transaction;
  private final RunLocks locks;

  public AppendJournalEntry(TransactionScope transaction, RunLocks locks) {
    this.transaction = transaction;
    this.locks = locks;
  }

  /// See [UnitOfWork#append].
  public List<LeasedDelivery> append(JournalEntry entry, Duration minimumLease) {
    entry.events().stream()
        .collect(Collectors.partitioningBy(rendered -> rendered.event().kind().isOperational()))
        .forEach((operational, events) ->
            insertEvents(events, operational ? INSERT_OPERATIONAL_EVENTS : INSERT_EVENTS));
    if (!entry.skipped().isEmpty()) {
      insertSkipped(entry.skipped());
    }
    List<LeasedDelivery> leased =
        entry.deliveries().isEmpty()
            ? List.of()
            : new InsertDeliveries(transaction, locks).insert(entry.deliveries(), minimumLease);
    if (!entry.runs().isEmpty()) {
      updateRuns(entry.runs(), lastNotifiedVersions(entry.deliveries()));
    }
    return leased;
  }

  private void insertEvents(List<RenderedEvent> events, String sql) {
    int from = 0;
    long bytes = 0;
    for (int to = 1; to <= events.size(); to++) {
      bytes += events.get(to - 1).payload().length();
      if (bytes >= MAX_BYTES || to == events.size()) {
        insertAtOnce(events.subList(from, to), sql);
        from = to;
        bytes = 0;
      }
    }
  }

  private void insertAtOnce(List<RenderedEvent> events, String sql) {
    UnnestParameters.of(events)
        .uuids("ids", rendered -> rendered.event().id().value())
        .uuids("stacks", rendered -> transaction.rowIds().ofStack(rendered.event().stack().id()))
        .texts("kinds", rendered -> rendered.event().kind().name())
        .uuids("subjects", this::subject)
        .texts("names", ofRun(change -> change.run().id().name()))
        .texts("states", ofRun(change -> change.transition().state().name()))
        .longs("versions", ofRun(change -> change.transition().version()))
        .instants("times", rendered -> rendered.event().occurredAt())
        .booleans("expected", ofRun(change -> change.transition().expected()))
        .longs("added", ofDelta(Delta::added))
        .longs("changed", ofDelta(Delta::changed))
        .longs("deleted", ofDelta(Delta::deleted))
        .longs("resources", ofDelta(Delta::resources))
        .texts("notes", ofRun(change -> change.transition().note().orElse(null)))
        .texts("changes", ofRun(change -> changes(change.transition())))
        .bytes("payloads", rendered -> rendered.payload().bytes())
        .texts("traceparents", ofRun(change -> trace(change, TraceContext::traceparent)))
        .texts("tracestates", ofRun(change -> trace(change, TraceContext::tracestate)))
        .bindTo(transaction.update(sql))
        .execute();
  }

  /// A value that only events of runs have; null for others.
  private static <V> Function<RenderedEvent, @Nullable V> ofRun(
      Function<RunStateChanged, @Nullable V> value) {
    return rendered ->
        switch (rendered.event()) {
          case RunStateChanged change -> value.apply(change);
          case Ping ignored -> null;
          case TestEvent ignored -> null;
          case OperationalEvent ignored -> null;
        };
  }

  private static @Nullable String changes(Transition transition) {
    return transition.changes().map(RunMapper::writeChanges).orElse(null);
  }

  /// The run or the affected webhook.
  private @Nullable UUID subject(RenderedEvent rendered) {
    return switch (rendered.event()) {
      case RunStateChanged change -> transaction.rowIds().ofRun(change.run().id());
      case OperationalEvent event -> UUID.fromString(event.webhook().id());
      case Ping ignored -> null;
      case TestEvent ignored -> null;
    };
  }

  private static Function<RenderedEvent, @Nullable Long> ofDelta(Function<Delta, Long> value) {
    return ofRun(change -> change.transition().delta().map(value).orElse(null));
  }

  private static @Nullable String trace(
      RunStateChanged change, Function<TraceContext, String> value) {
    return change.trace().map(value).orElse(null);
  }

  private void insertSkipped(List<SkippedDelivery> skipped) {
    UnnestParameters.of(skipped)
        .uuids("events", skip -> skip.event().value())
        .uuids("webhooks", skip -> skip.webhook().value())
        .texts("reasons", skip -> skip.explanation().code().name())
        .textArrays(
            "values",
            skip -> skip.explanation().values().stream().map(SqlValues::replaceNul).toList())
        .bindTo(transaction.update(INSERT_SKIPPED))
        .execute();
  }

  /// @param notified the highest versions of their new deliveries by webhook id
  private void updateRuns(Collection<Run> runs, Map<RunId, Map<UUID, Long>> notified) {
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
            .bindTo(transaction.query(UPDATE_RUNS))
            .mapTo(Instant.class)
            .list();
    if (changed.size() != runs.size()) {
      throw new IllegalStateException("a run would return to an earlier version");
    }
    runs.forEach(
        run -> locks.putSaved(run, notified.getOrDefault(run.id(), Map.of()), changed.getFirst()));
  }

  /// Redeliveries do not count.
  private static Map<RunId, Map<UUID, Long>> lastNotifiedVersions(List<NewDelivery> deliveries) {
    Map<RunId, Map<UUID, Long>> versions = new HashMap<>();
    for (NewDelivery delivery : deliveries) {
      if (delivery.content().redeliveryOf().isEmpty()) {
        delivery
            .run()
            .ifPresent(run ->
                versions
                    .computeIfAbsent(run, ignored -> new HashMap<>())
                    .merge(
                        delivery.webhook().id().value(),
                        delivery.content().transition().orElseThrow().version(),
                        Math::max));
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
}
