package dev.runhook.persistence.run;

import dev.runhook.application.spi.ErasureProgress;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.SkippedTransition;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tables `event` and `skipped_delivery`.
public final class JdbiEvents implements Events {
  private final TransactionScope transaction;

  public JdbiEvents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public void add(Collection<RenderedEvent> events) {
    UnnestParameters.of(events)
        .uuids("ids", rendered -> rendered.event().id().value())
        .uuids("stacks", rendered -> transaction.rowIds().ofStack(rendered.event().stack().id()))
        .texts("kinds", rendered -> rendered.event().kind().name())
        .uuids("runs", ofRun(change -> transaction.rowIds().ofRun(change.run().id())))
        .texts("names", ofRun(change -> change.run().id().name()))
        .texts("states", ofRun(change -> change.transition().state().name()))
        .longs("versions", ofRun(change -> change.transition().version()))
        .instants("times", rendered -> rendered.event().occurredAt())
        .bytes("payloads", rendered -> rendered.payload().bytes())
        .texts("traceparents", ofRun(change -> trace(change, TraceContext::traceparent)))
        .texts("tracestates", ofRun(change -> trace(change, TraceContext::tracestate)))
        .bindTo(
            transaction.update(
                """
                insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at,
                  payload, trace_parent, trace_state)
                select * from unnest(:ids, :stacks, :kinds, :runs, :names, :states, :versions, :times, :payloads,
                  :traceparents, :tracestates)
                """))
        .execute();
  }

  /// A value that only events of runs have; null for pings.
  private static <V> Function<RenderedEvent, @Nullable V> ofRun(
      Function<RunStateChanged, @Nullable V> value) {
    return rendered -> {
      Event event = rendered.event();
      return switch (event) {
        case RunStateChanged change -> value.apply(change);
        case Ping _ -> null;
      };
    };
  }

  private static @Nullable String trace(
      RunStateChanged change, Function<TraceContext, String> value) {
    return change.trace().map(value).orElse(null);
  }

  @Override
  public void addSkipped(Collection<SkippedDelivery> skipped) {
    UnnestParameters.of(skipped)
        .uuids("events", skip -> skip.event().value())
        .uuids("webhooks", skip -> skip.webhook().value())
        .texts("reasons", skip -> skip.reason().name())
        .texts("explanations", skip -> SqlText.replaceNul(skip.explanation()))
        .bindTo(
            transaction.update(
                """
                insert into runhook.skipped_delivery (event_id, webhook_id, reason, explanation)
                select * from unnest(:events, :webhooks, :reasons, :explanations)
                """))
        .execute();
  }

  @Override
  public List<SkippedDelivery> findSkipped(EventId event) {
    return transaction
        .query(
            """
            select webhook_id, reason, explanation from runhook.skipped_delivery
            where event_id = :event
            order by webhook_id
            """)
        .bind("event", event.value())
        .map((row, _) ->
            new SkippedDelivery(
                event,
                new WebhookId(row.getObject("webhook_id", UUID.class)),
                RoutingDecision.Reason.valueOf(row.getString("reason")),
                row.getString("explanation")))
        .list();
  }

  @Override
  public List<SkippedTransition> findSkipped(RunId run) {
    return transaction
        .query(
            """
            select t.state_version, d.webhook_id, d.explanation
            from runhook.transition t join runhook.skipped_delivery d on d.event_id = t.event_id
            where t.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                              where s.account = :account and s.slug = :slug and r.name = :name)
            order by t.state_version, d.webhook_id
            """)
        .bind("account", run.stack().account().name())
        .bind("slug", run.stack().slug())
        .bind("name", run.name())
        .map((row, _) ->
            new SkippedTransition(
                row.getLong("state_version"),
                new WebhookId(row.getObject("webhook_id", UUID.class)),
                row.getString("explanation")))
        .list();
  }

  @Override
  public ErasureProgress erasePayloads(RunId run) {
    return new ErasePayloads(transaction).erase(run);
  }

  @Override
  public ErasureProgress erasePayloads(
      AccountId account, StackScope scope, Optional<EventId> after, int limit) {
    return new ErasePayloads(transaction).erase(account, scope, after, limit);
  }
}
