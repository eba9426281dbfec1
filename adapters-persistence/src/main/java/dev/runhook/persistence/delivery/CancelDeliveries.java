package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.queue.QueueRow;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// Finds and cancels open deliveries without an attempt in flight.
final class CancelDeliveries {
  private static final String FIND =
      """
      select q.id from runhook.delivery_queue q
      where SELECTED and q.id >= :lower and q.id < :upper and (:state::text is null or q.state = :state)
      order by ORDER limit :limit
      """;

  /// The bounds and the order make PostgreSQL use the index of waiting deliveries.
  private static final String BEHIND_HEADS =
      FIND.transform(
              define(
                  "SELECTED",
                  """
                  q.due_at is null and (q.webhook_id, q.id) >= (:webhook, :lower) and (q.webhook_id, q.id) < (:webhook, :upper)
                  """))
          .transform(define("ORDER", "q.webhook_id desc, q.id desc"));

  private static final String HEADS =
      FIND.transform(
              define(
                  "SELECTED",
                  "q.webhook_id = :webhook and q.due_at is not null and q.leased_until is null"))
          .transform(define("ORDER", "q.webhook_id, q.due_at, q.id"));

  private static final String OF_RUN =
      FIND.transform(
              define(
                  "SELECTED",
                  """
                  q.webhook_id = :webhook and q.leased_until is null and q.run_id = any (array(
                    select r.id from runhook.run r join runhook.webhook w on w.stack_id = r.stack_id
                    where w.id = :webhook and r.name = :run))
                  """))
          .transform(define("ORDER", "q.due_at is not null, q.id desc"));

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  CancelDeliveries(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  List<DeliveryId> findWaiting(DeliveryFilter filter, int limit) {
    if (!(filter.scope() instanceof DeliveryScope.OfWebhook(var ignored, var webhook, var run))) {
      throw new IllegalArgumentException("the filter names no webhook");
    }
    if (run.isPresent()) {
      return bind(OF_RUN, webhook, filter, limit).bind("run", run.get()).map(this::id).list();
    }
    List<DeliveryId> found =
        new ArrayList<>(bind(BEHIND_HEADS, webhook, filter, limit).map(this::id).list());
    found.addAll(bind(HEADS, webhook, filter, limit - found.size()).map(this::id).list());
    return found;
  }

  private Query bind(String sql, WebhookId webhook, DeliveryFilter filter, int limit) {
    return transaction
        .unpreparedQuery(sql)
        .bind("webhook", webhook.value())
        .bind("state", filter.state().map(Enum::name).orElse(null))
        .bind("lower", IdRange.lowerBound(filter.from()))
        .bind("upper", IdRange.upperBound(filter.to(), Optional.empty()))
        .bind("limit", limit);
  }

  private DeliveryId id(ResultSet row, StatementContext ignored) throws SQLException {
    return new DeliveryId(row.getObject("id", UUID.class));
  }

  Set<DeliveryId> cancel(Collection<DeliveryId> deliveries, String by, String reason) {
    List<UUID> ids = deliveries.stream().map(DeliveryId::value).toList();
    new LaneLocks(transaction).lock(ids);
    new OperationalLanes(transaction).lock(ids);
    List<QueueRow> canceled = new EndOpenDeliveries(transaction).cancel(ids, by, reason);
    Set<LaneKey> lanes =
        canceled.stream().flatMap(row -> row.lane().stream()).collect(Collectors.toSet());
    new LaneHeads(transaction, cipher).promoteNext(lanes, Set.of(), Duration.ZERO);
    return canceled.stream().map(row -> new DeliveryId(row.id())).collect(Collectors.toSet());
  }
}
