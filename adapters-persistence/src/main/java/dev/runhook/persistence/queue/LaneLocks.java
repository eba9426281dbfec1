package dev.runhook.persistence.queue;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// The locks that keep lanes in order, without a lock of the run when a delivery is completed.
///
/// - A transaction that adds to lanes, or removes what waits in them, locks the runs first. Then it
///   keeps the heads of their lanes: it locks them for key share, so that they can be leased and
///   rescheduled, but not finished, until it ends.
/// - A transaction that finishes a head locks its row for update. In a later statement, it promotes
///   the next delivery of the lane. That statement sees what was added before the lock, and nothing
///   can be added after it. Therefore a lane with open deliveries always has one head.
///
/// [OperationalLanes] has the differences for lanes without a run.
public final class LaneLocks {
  /// The condition for a row `q` of the queue in the lane `l` of a run.
  public static final String IN_LANE =
      "q.run_id = l.subject and q.webhook_id = l.webhook_id and q.subject_id is null";

  private static final String HEADS =
      """
      select q.id, q.webhook_id, q.run_id from runhook.delivery_queue q
      where q.run_id = any (:runs) and q.lane_position is null
      order by q.id
      """;

  private static final String KEEP =
      "select q.id from runhook.delivery_queue q where q.id = any (:ids) order by q.id for key share";

  private static final String LOCK_RUNS =
      """
      select r.id from runhook.run r
      where r.id = any (array(
        select q.run_id from runhook.delivery_queue q where q.id = any (:ids) and q.run_id is not null))
      order by r.id for no key update
      """;

  private final TransactionScope transaction;
  private final Set<LaneKey> lanesWithHead = new HashSet<>();

  public LaneLocks(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record Head(UUID id, LaneKey lane) {}

  /// Returns whether a lane of runs whose heads are kept has a head.
  public boolean hasHead(LaneKey lane) {
    return lanesWithHead.contains(lane);
  }

  /// Remembers a head that this transaction has added.
  public void putHead(LaneKey lane) {
    lanesWithHead.add(lane);
  }

  /// Keeps the heads of all lanes of locked runs, and waits for those that are being finished.
  /// Until this transaction ends, no other one changes which of these lanes have a head.
  public void keepHeads(Collection<UUID> runs) {
    List<Head> heads = findHeads(runs);
    while (!keep(transaction, ids(heads), "").containsAll(ids(heads))) {
      heads = findHeads(runs); // one was finished, and the next one was promoted
    }
    remember(runs, heads);
  }

  /// Does the same without waiting.
  ///
  /// @return the runs with a head that another transaction is finishing or has just finished
  public Set<UUID> tryKeepHeads(Collection<UUID> runs) {
    List<Head> heads = findHeads(runs);
    Set<UUID> kept = keep(transaction, ids(heads), " skip locked");
    Set<UUID> busy = new HashSet<>();
    heads.stream()
        .filter(head -> !kept.contains(head.id()))
        .forEach(head -> busy.add(head.lane().subject()));
    remember(runs, heads.stream().filter(head -> !busy.contains(head.lane().subject())).toList());
    return busy;
  }

  /// Locks the runs of these deliveries and keeps the heads of all lanes of the runs, so that any
  /// delivery of these lanes can be removed. Waits as long as necessary.
  public void lock(Collection<UUID> deliveries) {
    keepHeads(
        UnnestParameters.bindIds("ids", deliveries, transaction.unpreparedQuery(LOCK_RUNS))
            .mapTo(UUID.class)
            .list());
  }

  private List<Head> findHeads(Collection<UUID> runs) {
    if (runs.isEmpty()) {
      return List.of();
    }
    return UnnestParameters.bindIds("runs", runs, transaction.unpreparedQuery(HEADS))
        .map((row, ignored) ->
            new Head(
                row.getObject("id", UUID.class),
                new LaneKey(
                    new WebhookId(row.getObject("webhook_id", UUID.class)),
                    row.getObject("run_id", UUID.class),
                    true)))
        .list();
  }

  /// @param wait what to do if another transaction removes a head
  static Set<UUID> keep(TransactionScope transaction, List<UUID> heads, String wait) {
    return heads.isEmpty()
        ? Set.of()
        : UnnestParameters.bindIds("ids", heads, transaction.unpreparedQuery(KEEP + wait))
            .mapTo(UUID.class)
            .set();
  }

  private void remember(Collection<UUID> runs, List<Head> heads) {
    lanesWithHead.removeIf(lane -> runs.contains(lane.subject()));
    heads.forEach(head -> lanesWithHead.add(head.lane()));
  }

  private static List<UUID> ids(List<Head> heads) {
    return heads.stream().map(Head::id).toList();
  }

  /// The parameters `webhooks` and `subjects`.
  public static UnnestParameters<LaneKey> parameters(Collection<LaneKey> lanes) {
    return UnnestParameters.of(lanes)
        .uuids("webhooks", lane -> lane.webhook().value())
        .uuids("subjects", LaneKey::subject);
  }
}
