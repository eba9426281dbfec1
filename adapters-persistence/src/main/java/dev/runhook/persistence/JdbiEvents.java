package dev.runhook.persistence;

import dev.runhook.application.spi.Erased;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.SkippedTransition;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Decision;
import dev.runhook.domain.webhook.WebhookId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

final class JdbiEvents implements Events {
  private final Session session;

  JdbiEvents(Session session) {
    this.session = session;
  }

  @Override
  public void add(Collection<RenderedEvent> events) {
    Columns.of(events)
        .uuids("ids", rendered -> rendered.event().id().value())
        .uuids("stacks", rendered -> session.keys().ofStack(rendered.event().stack().id()))
        .texts("kinds", rendered -> rendered.event().kind().name())
        .uuids(
            "runs",
            rendered ->
                moved(rendered).map(move -> session.keys().ofRun(move.run().id())).orElse(null))
        .texts(
            "names", rendered -> moved(rendered).map(move -> move.run().id().name()).orElse(null))
        .texts(
            "states",
            rendered -> moved(rendered).map(move -> move.transition().state().name()).orElse(null))
        .longs(
            "versions",
            rendered -> moved(rendered).map(move -> move.transition().version()).orElse(null))
        .instants("moments", rendered -> rendered.event().at())
        .bytes("payloads", rendered -> rendered.payload().bytes())
        .texts("parents", rendered -> trace(rendered).map(TraceContext::parent).orElse(null))
        .texts("traceStates", rendered -> trace(rendered).map(TraceContext::state).orElse(null))
        .bindTo(
            session.update(
                """
                insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at, payload, trace_parent, trace_state)
                select * from unnest(:ids, :stacks, :kinds, :runs, :names, :states, :versions, :moments, :payloads, :parents, :traceStates)
                """))
        .execute();
  }

  private static Optional<RunMoved> moved(RenderedEvent rendered) {
    Event event = rendered.event();
    return switch (event) {
      case RunMoved move -> Optional.of(move);
      case Ping _ -> Optional.empty();
    };
  }

  private static Optional<TraceContext> trace(RenderedEvent rendered) {
    return moved(rendered).flatMap(RunMoved::trace);
  }

  /// Reads what [#add] kept, of an event's row.
  static Optional<TraceContext> readTrace(ResultSet row) throws SQLException {
    String parent = row.getString("trace_parent");
    return parent == null
        ? Optional.empty()
        : TraceContext.parse(parent, String.valueOf(row.getString("trace_state")));
  }

  @Override
  public void addSkips(Collection<SkippedDelivery> skips) {
    Columns.of(skips)
        .uuids("events", skip -> skip.event().value())
        .uuids("webhooks", skip -> skip.webhook().value())
        .texts("reasons", skip -> skip.reason().name())
        .texts("whys", skip -> Texts.fit(skip.why()))
        .bindTo(
            session.update(
                """
                insert into runhook.skip (event_id, webhook_id, reason, why)
                select * from unnest(:events, :webhooks, :reasons, :whys)
                """))
        .execute();
  }

  @Override
  public Erased erase(RunId run) {
    return new PayloadErasing(session).erase(run);
  }

  @Override
  public Erased erase(AccountId account, Reach reach, Optional<EventId> after, int limit) {
    return new PayloadErasing(session).erase(account, reach, after, limit);
  }

  /// Reads the payload of an event's row, or what is left of it.
  static Body readBody(ResultSet row) throws SQLException {
    byte[] payload = row.getBytes("payload");
    return payload == null
        ? new Body.Forgotten(HexFormat.of().formatHex(row.getBytes("payload_sha256")))
        : new Body.Kept(Payload.of(payload));
  }

  @Override
  public List<SkippedDelivery> skips(EventId event) {
    return session
        .query(
            "select webhook_id, reason, why from runhook.skip where event_id = :event::uuid order by webhook_id")
        .bind("event", event.value())
        .map((row, _) ->
            new SkippedDelivery(
                event,
                new WebhookId(row.getObject("webhook_id", UUID.class)),
                Decision.Reason.valueOf(row.getString("reason")),
                row.getString("why")))
        .list();
  }

  @Override
  public List<SkippedTransition> skips(RunId run) {
    return session
        .query(
            """
            select t.state_version, k.webhook_id, k.why
            from runhook.transition t join runhook.skip k on k.event_id = t.event_id
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
                row.getString("why")))
        .list();
  }
}
