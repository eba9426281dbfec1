package dev.runhook.persistence.queue;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// The lanes of operational events, which are about one webhook and go to another one. The lock of
/// the affected webhook takes the place of the lock of a run:
///
/// - A transaction that adds to lanes, or removes what waits in them, locks the affected webhooks
///   and then the heads, as [LaneLocks] describes.
/// - A transaction that completes the delivery of a head has locked the affected webhook before,
///   without waiting for it. It may have failures of other webhooks to report after that: two such
///   transactions could otherwise each wait for a head that the other one has finished.
public final class OperationalLanes {
  /// The condition for a row `q` of the queue in the lane `l`.
  public static final String IN_LANE =
      "q.run_id is null and q.webhook_id = l.webhook_id and q.subject_id = l.subject";

  /// The order of what waits in a lane. It names all columns of the index, so that the next
  /// delivery is found without reading the others.
  public static final String ORDER = "q.run_id, q.webhook_id, q.subject_id, q.lane_position";

  private static final String AFFECTED =
      """
      select e.id, e.affected_webhook_id as subject from runhook.event e
      where e.id = any (:ids) and e.affected_webhook_id is not null
      """;

  private static final String LANES_OF =
      """
      select distinct q.webhook_id, q.subject_id as subject from runhook.delivery_queue q
      where q.id = any (:ids) and q.subject_id <> q.id
      """;

  private static final String LOCK =
      "select w.id from runhook.webhook w where w.id = any (:ids) order by w.id for no key update";

  private static final String BUSY =
      """
      with locked as materialized (
        select w.id from runhook.webhook w
        where w.id = any (array(select q.subject_id from runhook.delivery_queue q where q.id = any (:ids)))
        order by w.id for no key update skip locked
      )
      select q.id from runhook.delivery_queue q join runhook.webhook w on w.id = q.subject_id
      where q.id = any (:ids) and w.id not in (select l.id from locked l)
      """;

  private static final String ENDS =
      """
      select l.webhook_id, l.subject,
        (select q.id from runhook.delivery_queue q where IN_LANE and q.lane_position is null limit 1) as head,
        (select q.lane_position from runhook.delivery_queue q where IN_LANE and q.lane_position is not null
          order by ORDER limit 1) as last_waiting
      from unnest(:webhooks, :subjects) as l (webhook_id, subject)
      """
          .transform(define("IN_LANE", IN_LANE))
          .transform(define("ORDER", ORDER.transform(define(",", " desc,")) + " desc"));

  private final TransactionScope transaction;

  public OperationalLanes(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// The state of a lane that nothing else is added to.
  ///
  /// @param order that of the last delivery behind the head
  public record LaneEnd(LaneKey lane, Optional<UUID> head, Optional<UUID> order) {
    /// Returns the order of the delivery with this index among those that are added.
    public UUID orderOfNext(int index) {
      return new UUID(0, order.map(UUID::getLeastSignificantBits).orElse(0L) + 1 + index);
    }
  }

  /// Locks the webhooks that these operational events are about, and waits as long as necessary.
  ///
  /// @return the webhooks by event
  public Map<UUID, UUID> lockAffected(Collection<UUID> events) {
    Map<UUID, UUID> affected = new HashMap<>();
    byIds(AFFECTED, events)
        .map((row, ignored) ->
            Map.entry(row.getObject("id", UUID.class), row.getObject("subject", UUID.class)))
        .forEach(found -> affected.put(found.getKey(), found.getValue()));
    lock(Set.copyOf(affected.values()));
    return affected;
  }

  /// Locks the webhooks that these open deliveries are about, and keeps the heads of their lanes.
  public void lock(List<UUID> deliveries) {
    List<LaneKey> lanes =
        byIds(LANES_OF, deliveries)
            .map((row, ignored) ->
                lane(row.getObject("webhook_id", UUID.class), row.getObject("subject", UUID.class)))
            .list();
    if (!lanes.isEmpty()) {
      lock(lanes.stream().map(LaneKey::subject).collect(Collectors.toSet()));
      keepHeads(lanes);
    }
  }

  private void lock(Set<UUID> webhooks) {
    byIds(LOCK, webhooks).mapTo(UUID.class).list();
  }

  /// Locks the webhooks that these open deliveries are about, without waiting.
  ///
  /// @return the deliveries about webhooks that another transaction has locked
  public Set<UUID> tryLock(Collection<UUID> deliveries) {
    return byIds(BUSY, deliveries).mapTo(UUID.class).set();
  }

  /// Keeps the heads of lanes whose affected webhooks are locked. Waits for those that are being
  /// removed: because their receiver was deleted, or because their event was.
  ///
  /// @return the ends of the lanes
  public List<LaneEnd> keepHeads(Collection<LaneKey> lanes) {
    List<LaneEnd> ends = findEnds(lanes);
    while (!LaneLocks.keep(transaction, heads(ends), "").containsAll(heads(ends))) {
      ends = findEnds(lanes);
    }
    return ends;
  }

  private List<LaneEnd> findEnds(Collection<LaneKey> lanes) {
    return LaneLocks.parameters(lanes)
        .bindTo(transaction.unpreparedQuery(ENDS))
        .map((row, ignored) ->
            new LaneEnd(
                lane(row.getObject("webhook_id", UUID.class), row.getObject("subject", UUID.class)),
                Optional.ofNullable(row.getObject("head", UUID.class)),
                Optional.ofNullable(row.getObject("last_waiting", UUID.class))))
        .list();
  }

  private static List<UUID> heads(List<LaneEnd> ends) {
    return ends.stream().flatMap(end -> end.head().stream()).toList();
  }

  private Query byIds(String sql, Collection<UUID> ids) {
    return UnnestParameters.bindIds("ids", ids, transaction.unpreparedQuery(sql));
  }

  private static LaneKey lane(UUID receiver, UUID affected) {
    return new LaneKey(new WebhookId(receiver), affected, false);
  }
}
