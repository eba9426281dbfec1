package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookRevision;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.run.JdbiEvents;
import dev.runhook.persistence.webhook.WebhookMapper;
import dev.runhook.persistence.webhook.WebhookRevisions;
import java.util.List;
import java.util.Optional;

/// Reads one delivery for people, be it open or finished.
final class FindDelivery {
  private static final String FIND =
      "select d.*, s.slug, r.name as run_name, e.payload, e.payload_sha256, e.trace_parent, e.trace_state, "
          + WebhookMapper.COLUMNS
          + """
          from runhook.all_deliveries d
          join runhook.webhook w on w.id = d.webhook_id
          join runhook.stack s on s.id = w.stack_id and s.account = :account
          join runhook.event e on e.id = d.event_id
          left join runhook.run r on r.id = d.run_id
          where d.id = :id::uuid
          """;

  /// The head of the lane in which a delivery waits for its turn.
  private static final String HEAD =
      """
      select d.*, s.slug, r.name as run_name
      from runhook.delivery_queue q
      join runhook.all_deliveries d on d.webhook_id = q.webhook_id and d.run_id = q.run_id and d.next_attempt_at is not null
      join runhook.run r on r.id = d.run_id
      join runhook.stack s on s.id = r.stack_id
      where q.id = :id::uuid and q.due_at is null
      """;

  private final TransactionScope transactionScope;

  FindDelivery(TransactionScope session) {
    this.transactionScope = session;
  }

  Optional<StoredDelivery> find(AccountId account, DeliveryId id) {
    return transactionScope
        .unpreparedQuery(FIND)
        .bind("account", account.name())
        .bind("id", id.value())
        .map((row, _) ->
            new StoredDelivery(
                DeliveryMapper.read(row, account),
                WebhookMapper.read(row, transactionScope.cipher()),
                JdbiEvents.readBody(row),
                List.of(),
                List.of(),
                Optional.empty(),
                JdbiEvents.readTrace(row)))
        .findOne()
        .map(found -> completed(account, found));
  }

  private StoredDelivery completed(AccountId account, StoredDelivery found) {
    DeliveryId id = found.delivery().id();
    List<Attempt> attempts = attempts(id);
    return new StoredDelivery(
        found.delivery(),
        found.webhook(),
        found.payload(),
        attempts,
        revisions(found.webhook().id(), attempts),
        headBefore(account, id),
        found.trace());
  }

  private List<WebhookRevision> revisions(WebhookId webhook, List<Attempt> attempts) {
    List<Integer> named =
        attempts.stream()
            .flatMap(attempt -> attempt.request().stream())
            .map(RequestSnapshot::revision)
            .distinct()
            .toList();
    return named.isEmpty()
        ? List.of()
        : new WebhookRevisions(transactionScope).find(webhook, named);
  }

  private Optional<Delivery> headBefore(AccountId account, DeliveryId id) {
    return transactionScope
        .unpreparedQuery(HEAD)
        .bind("id", id.value())
        .map((row, _) -> DeliveryMapper.read(row, account))
        .findOne();
  }

  private List<Attempt> attempts(DeliveryId id) {
    return transactionScope
        .query("select * from runhook.attempt where delivery_id = :id::uuid order by number")
        .bind("id", id.value())
        .map((row, _) -> AttemptMapper.read(row))
        .list();
  }
}
