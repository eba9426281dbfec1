package dev.runhook.persistence;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Optional;

/// Reads one delivery for people, be it open or finished.
final class Finding {
  private static final String FIND =
      "select d.*, s.slug, r.name as run_name, e.payload, e.payload_sha256, e.trace_parent, e.trace_state, "
          + WebhookRows.COLUMNS
          + """
          from runhook.any_delivery d
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
      from runhook.queue q
      join runhook.any_delivery d on d.webhook_id = q.webhook_id and d.run_id = q.run_id and d.next_attempt_at is not null
      join runhook.run r on r.id = d.run_id
      join runhook.stack s on s.id = r.stack_id
      where q.id = :id::uuid and q.due_at is null
      """;

  private final Session session;

  Finding(Session session) {
    this.session = session;
  }

  Optional<DeliveryDetail> find(AccountId account, DeliveryId id) {
    return session
        .queueQuery(FIND)
        .bind("account", account.name())
        .bind("id", id.value())
        .map((row, _) ->
            new DeliveryDetail(
                DeliveryRows.read(row, account),
                WebhookRows.read(row, session.cipher()),
                JdbiEvents.readBody(row),
                List.of(),
                List.of(),
                Optional.empty(),
                JdbiEvents.readTrace(row)))
        .findOne()
        .map(found -> completed(account, found));
  }

  private DeliveryDetail completed(AccountId account, DeliveryDetail found) {
    DeliveryId id = found.delivery().id();
    List<Attempt> attempts = attempts(id);
    return new DeliveryDetail(
        found.delivery(),
        found.webhook(),
        found.body(),
        attempts,
        revisions(found.webhook().id(), attempts),
        headBefore(account, id),
        found.trace());
  }

  private List<Revision> revisions(WebhookId webhook, List<Attempt> attempts) {
    List<Integer> named =
        attempts.stream()
            .flatMap(attempt -> attempt.imprint().stream())
            .map(Imprint::revision)
            .distinct()
            .toList();
    return named.isEmpty() ? List.of() : new Revisions(session).find(webhook, named);
  }

  private Optional<Delivery> headBefore(AccountId account, DeliveryId id) {
    return session
        .queueQuery(HEAD)
        .bind("id", id.value())
        .map((row, _) -> DeliveryRows.read(row, account))
        .findOne();
  }

  private List<Attempt> attempts(DeliveryId id) {
    return session
        .query("select * from runhook.attempt where delivery_id = :id::uuid order by number")
        .bind("id", id.value())
        .map((row, _) -> AttemptRows.read(row))
        .list();
  }
}
