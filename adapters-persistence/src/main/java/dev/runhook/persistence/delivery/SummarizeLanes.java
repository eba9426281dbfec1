package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.LaneSummary;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Summarizes the lanes of runs, with the latest delivery of each transition to each webhook, or
/// the skip if there is none. Finished deliveries are counted by PostgreSQL; each open one has a
/// phase of its own.
public final class SummarizeLanes {
  /// Bounds the cost of a run with very many transitions, webhooks or redeliveries.
  private static final int MAX_PER_RUN = 5000;

  private static final String LANES =
      """
      with selected_run as (
        select r.id, r.name from runhook.stack s join runhook.run r on r.stack_id = s.id
        where s.account = :account and s.slug = :slug and r.name = any (:runs)
      ), found as (
        select r.id as run_id, d.*
        from selected_run r cross join lateral (
          select q.webhook_id, q.state_version, q.id, 'PENDING' as status, q.attempts, q.due_at, q.leased_until
          from runhook.delivery_queue q where q.run_id = r.id
          union all
          (select d.webhook_id, d.state_version, d.id, d.status, null, null, null
            from runhook.delivery d
            where (coalesce(d.run_id, d.webhook_id), d.id) >= (r.id, :low)
              and (coalesce(d.run_id, d.webhook_id), d.id) < (r.id, :high)
            order by coalesce(d.run_id, d.webhook_id) desc, d.id desc limit :max)
          union all
          select k.webhook_id, e.state_version, null, 'SKIPPED', null, null, null
          from (
            select e.id, e.state_version from runhook.event e
            where e.run_id = r.id order by e.state_version desc limit :max) e
          join runhook.skipped_delivery k on k.event_id = e.id) d
      ), latest as (
        select distinct on (run_id, webhook_id, state_version) *
        from found order by run_id, webhook_id, state_version, id desc nulls last
      )
      select r.name as run, l.webhook_id, l.status, l.attempts, l.due_at as next_attempt_at, l.leased_until,
        count(*) as deliveries, (array_agg(l.id))[1] as delivery, now() as now, HEALTH
      from latest l join selected_run r on r.id = l.run_id join runhook.webhook w on w.id = l.webhook_id
      group by r.name, l.webhook_id, w.id, l.status, l.attempts, l.due_at, l.leased_until
      order by r.name, l.webhook_id
      """
          .transform(define("HEALTH", WebhookMapper.HEALTH_COLUMNS));

  private SummarizeLanes() {}

  private record Lane(String run, UUID webhook) {}

  public static List<LaneSummary> of(
      TransactionScope transaction, StackId stack, Collection<String> runs) {
    Map<Lane, Counts> lanes = new LinkedHashMap<>();
    transaction
        .unpreparedQuery(LANES)
        .bind("account", stack.account().name())
        .bind("slug", stack.slug())
        .bindArray("runs", String.class, runs)
        .bind("low", IdRange.lowerBound(Optional.empty()))
        .bind("high", IdRange.upperBound(Optional.empty(), Optional.empty()))
        .bind("max", MAX_PER_RUN)
        .map((row, ignored) -> {
          Lane lane = new Lane(row.getString("run"), row.getObject("webhook_id", UUID.class));
          return lanes.computeIfAbsent(lane, found -> new Counts()).add(row);
        })
        .list();
    List<LaneSummary> summaries = new ArrayList<>();
    lanes.forEach((lane, counts) -> summaries.add(counts.summarize(lane)));
    return summaries;
  }

  /// What the rows of a lane add up to.
  private static final class Counts {
    private final Set<DeliveryPhase> phases = EnumSet.noneOf(DeliveryPhase.class);
    private int deliveries;
    private int delivered;
    private int skipped;
    private Optional<UUID> delivery = Optional.empty();

    Counts add(ResultSet row) throws SQLException {
      int count = row.getInt("deliveries");
      if (row.getString("status").equals("SKIPPED")) {
        skipped += count;
        return this;
      }
      DeliveryPhase phase =
          DeliveryMapper.readPhase(row, SqlValues.findInstant(row, "next_attempt_at"));
      phases.add(phase);
      deliveries += count;
      delivered += phase == DeliveryPhase.DELIVERED ? count : 0;
      delivery = Optional.ofNullable(row.getObject("delivery", UUID.class));
      return this;
    }

    LaneSummary summarize(Lane lane) {
      return new LaneSummary(
          lane.run(),
          new WebhookId(lane.webhook()),
          DeliveryPhase.mostUrgent(phases),
          deliveries,
          delivered,
          skipped,
          delivery.map(DeliveryId::new));
    }
  }
}
