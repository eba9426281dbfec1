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
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

public final class JdbiEvents implements Events {
  private final TransactionScope transactionScope;

  public JdbiEvents(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public void add(Collection<RenderedEvent> events) {
    UnnestParameters.of(events)
        .uuids("ids", rendered -> rendered.event().id().value())
        .uuids(
            "stacks", rendered -> transactionScope.rowIds().ofStack(rendered.event().stack().id()))
        .texts("kinds", rendered -> rendered.event().kind().name())
        .uuids(
            "runs",
            rendered ->
                moved(rendered)
                    .map(move -> transactionScope.rowIds().ofRun(move.run().id()))
                    .orElse(null))
        .texts(
            "names", rendered -> moved(rendered).map(move -> move.run().id().name()).orElse(null))
        .texts(
            "states",
            rendered -> moved(rendered).map(move -> move.transition().state().name()).orElse(null))
        .longs(
            "versions",
            rendered -> moved(rendered).map(move -> move.transition().version()).orElse(null))
        .instants("moments", rendered -> rendered.event().occurredAt())
        .bytes("payloads", rendered -> rendered.payload().bytes())
        .texts("parents", rendered -> trace(rendered).map(TraceContext::traceparent).orElse(null))
        .texts(
            "traceStates", rendered -> trace(rendered).map(TraceContext::tracestate).orElse(null))
        .bindTo(
            transactionScope.update(
                """
                insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at, payload, trace_parent, trace_state)
                select * from unnest(:ids, :stacks, :kinds, :runs, :names, :states, :versions, :moments, :payloads, :parents, :traceStates)
                """))
        .execute();
  }

  private static Optional<RunStateChanged> moved(RenderedEvent rendered) {
    Event event = rendered.event();
    return switch (event) {
      case RunStateChanged move -> Optional.of(move);
      case Ping _ -> Optional.empty();
    };
  }

  private static Optional<TraceContext> trace(RenderedEvent rendered) {
    return moved(rendered).flatMap(RunStateChanged::trace);
  }

  /// Reads what [#add] kept, of an event's row.
  public static Optional<TraceContext> readTrace(ResultSet row) throws SQLException {
    String parent = row.getString("trace_parent");
    return parent == null
        ? Optional.empty()
        : TraceContext.parse(parent, String.valueOf(row.getString("trace_state")));
  }

  @Override
  public void addSkipped(Collection<SkippedDelivery> skips) {
    UnnestParameters.of(skips)
        .uuids("events", skip -> skip.event().value())
        .uuids("webhooks", skip -> skip.webhook().value())
        .texts("reasons", skip -> skip.reason().name())
        .texts("explanations", skip -> SqlText.replaceNul(skip.explanation()))
        .bindTo(
            transactionScope.update(
                """
                insert into runhook.skipped_delivery (event_id, webhook_id, reason, explanation)
                select * from unnest(:events, :webhooks, :reasons, :explanations)
                """))
        .execute();
  }

  @Override
  public ErasureProgress erasePayloads(RunId run) {
    return new ErasePayloads(transactionScope).erase(run);
  }

  @Override
  public ErasureProgress erasePayloads(
      AccountId account, StackScope stackScope, Optional<EventId> after, int limit) {
    return new ErasePayloads(transactionScope).erase(account, stackScope, after, limit);
  }

  /// Reads the payload of an event's row, or what is left of it.
  public static StoredPayload readBody(ResultSet row) throws SQLException {
    byte[] payload = row.getBytes("payload");
    return payload == null
        ? new StoredPayload.Erased(HexFormat.of().formatHex(row.getBytes("payload_sha256")))
        : new StoredPayload.Present(Payload.of(payload));
  }

  @Override
  public List<SkippedDelivery> findSkipped(EventId event) {
    return transactionScope
        .query(
            "select webhook_id, reason, explanation from runhook.skipped_delivery where event_id = :event::uuid order by webhook_id")
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
    return transactionScope
        .query(
            """
            select t.state_version, k.webhook_id, k.explanation
            from runhook.transition t join runhook.skipped_delivery k on k.event_id = t.event_id
            where t.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                              where s.account = :account and s.slug = :slug and r.name = :name)
            order by t.state_version, k.webhook_id
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
}
