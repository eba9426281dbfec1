package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.delivery.Deliveries.Predecessor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.run.RunMapper;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookInterruptions;
import dev.runhook.persistence.webhook.WebhookMapper;
import dev.runhook.persistence.webhook.WebhookRevisions;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Finds one open or finished delivery with a page of its attempts.
final class FindDelivery {
  private static final String FIND =
      "select "
          + DeliveryMapper.COLUMNS
          + "r.name as run_name, e.payload, e.payload_sha256, e.trace_parent, e.trace_state, e.changes, "
          + WebhookMapper.COLUMNS
          + """
          from runhook.all_deliveries d
          join runhook.webhook w on w.id = d.webhook_id
          join runhook.stack s on s.id = w.stack_id and s.account = :account
          join runhook.event e on e.id = d.event_id
          left join runhook.run r on r.id = d.run_id
          """
          + DeliveryMapper.RESULTS
          + "where d.id = :id";

  /// The head of the lane that blocks a delivery.
  private static final String BLOCKING_HEAD =
      "select "
          + DeliveryMapper.COLUMNS
          + "r.name as run_name, "
          + WebhookMapper.HEALTH_COLUMNS
          + """
          from (select q.*, coalesce(q.run_id, q.subject_id) as subject from runhook.delivery_queue q) l
          cross join lateral (
            select q.id from runhook.delivery_queue q where OF_RUN and q.lane_position is null
            union all
            select q.id from runhook.delivery_queue q where OF_WEBHOOK and q.lane_position is null
          ) h
          join runhook.all_deliveries d on d.id = h.id
          join runhook.webhook w on w.id = d.webhook_id
          join runhook.stack s on s.id = w.stack_id
          left join runhook.run r on r.id = d.run_id
          """
              .transform(define("OF_RUN", LaneLocks.IN_LANE))
              .transform(define("OF_WEBHOOK", OperationalLanes.IN_LANE))
          + DeliveryMapper.RESULTS
          + "where l.id = :id and l.due_at is null";

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  FindDelivery(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  Optional<StoredDelivery> find(AccountId account, DeliveryId id, PageRequest attempts) {
    return transaction
        .unpreparedQuery(FIND)
        .bind("account", account.name())
        .bind("id", id.value())
        .map((row, ignored) -> read(row, account, attempts))
        .findOne();
  }

  private StoredDelivery read(ResultSet row, AccountId account, PageRequest page)
      throws SQLException {
    Delivery delivery = DeliveryMapper.read(row, account);
    StoredPayload payload = DeliveryMapper.readPayload(row);
    Page<Attempt> latestFirst =
        attempts(delivery.id(), page, payload instanceof StoredPayload.Erased);
    List<Attempt> attempts = latestFirst.items().reversed();
    return new StoredDelivery(
        delivery,
        WebhookMapper.read(row, cipher),
        SqlValues.findInstant(row, "w_deleted_at"),
        payload,
        attempts,
        latestFirst.next(),
        revisions(delivery.webhook(), attempts),
        blockingHead(account, delivery.id()),
        delivery.status() == Delivery.Status.CANCELED
            ? Optional.of(cancellation(delivery.id()))
            : Optional.empty(),
        Optional.ofNullable(row.getObject("run_id", UUID.class))
            .flatMap(run -> predecessor(delivery, run)),
        new WebhookInterruptions(transaction)
            .find(delivery.webhook(), delivery.createdAt(), StoredDelivery.MAX_INTERRUPTIONS),
        DeliveryMapper.readTrace(row),
        RunMapper.findChanges(row));
  }

  /// @param erased whether the bodies of requests were replaced with their hashes
  private Page<Attempt> attempts(DeliveryId id, PageRequest request, boolean erased) {
    List<Attempt> latestFirst =
        transaction
            .query(
                """
                select * from runhook.all_attempts where delivery_id = :id and number < :before
                order by number desc limit :limit
                """)
            .bind("id", id.value())
            .bind("before", request.after().map(Integer::parseInt).orElse(Integer.MAX_VALUE))
            .bind("limit", request.limit() + 1)
            .map((row, ignored) -> readAttempt(row, erased))
            .list();
    return Page.of(latestFirst, request, attempt -> String.valueOf(attempt.number()));
  }

  private List<Webhook.Revision> revisions(WebhookId webhook, List<Attempt> attempts) {
    List<Integer> numbers =
        attempts.stream()
            .flatMap(attempt -> attempt.request().stream())
            .map(RequestSnapshot::revision)
            .distinct()
            .toList();
    return numbers.isEmpty()
        ? List.of()
        : new WebhookRevisions(transaction, cipher).find(webhook, numbers);
  }

  private Optional<Delivery> blockingHead(AccountId account, DeliveryId id) {
    return transaction
        .unpreparedQuery(BLOCKING_HEAD)
        .bind("id", id.value())
        .map((row, ignored) -> DeliveryMapper.read(row, account))
        .findOne();
  }

  private Cancellation cancellation(DeliveryId id) {
    return transaction
        .query(
            "select finished_at, canceled_by, cancel_reason from runhook.delivery where id = :id")
        .bind("id", id.value())
        .map((row, ignored) ->
            new Cancellation(
                SqlValues.instant(row, "finished_at"),
                Optional.ofNullable(row.getString("canceled_by")),
                Objects.requireNonNullElse(row.getString("cancel_reason"), "")))
        .one();
  }

  /// The run is part of the bounds and of the order, as in [ListDeliveries]. Otherwise PostgreSQL
  /// could read the deliveries of all runs in the order of the primary key.
  private Optional<Predecessor> predecessor(Delivery delivery, UUID run) {
    return transaction
        .query(
            """
            select d.id, d.state, d.state_version, d.previous_version, d.finished_at
            from runhook.delivery d
            where d.id < :id and d.webhook_id = :webhook
              and (coalesce(d.run_id, d.webhook_id), d.id) >= (:run, '00000000-0000-0000-0000-000000000000')
              and (coalesce(d.run_id, d.webhook_id), d.id) < (:run, :id)
            order by coalesce(d.run_id, d.webhook_id) desc, d.id desc limit 1
            """)
        .bind("run", run)
        .bind("webhook", delivery.webhook().value())
        .bind("id", delivery.id().value())
        .map((row, ignored) ->
            new Predecessor(
                new DeliveryId(row.getObject("id", UUID.class)),
                new TransitionRef(
                    delivery.transition().orElseThrow().run(),
                    RunState.valueOf(row.getString("state")),
                    row.getLong("state_version"),
                    SqlValues.findLong(row, "previous_version")),
                SqlValues.instant(row, "finished_at")))
        .findOne()
        .filter(earlier -> !earlier.finishedAt().isBefore(delivery.createdAt()));
  }

  private static Attempt readAttempt(ResultSet row, boolean erased) throws SQLException {
    return new Attempt(
        row.getInt("number"),
        SqlValues.instant(row, "started_at"),
        Duration.ofNanos(row.getLong("duration_ns")),
        readOutcome(row),
        Optional.ofNullable(row.getString("retry_delay_reason")),
        readRequest(row, erased));
  }

  private static Optional<RequestSnapshot> readRequest(ResultSet row, boolean erased)
      throws SQLException {
    byte[] signatures = row.getBytes("request_signatures");
    return signatures == null
        ? Optional.empty()
        : Optional.of(
            new RequestSnapshot(
                row.getInt("request_revision"),
                row.getString("request_user_agent"),
                SignatureSet.fromBytes(signatures),
                readBody(row, erased)));
  }

  private static Optional<StoredPayload> readBody(ResultSet row, boolean erased)
      throws SQLException {
    byte[] body = row.getBytes("request_body");
    if (body == null) {
      return Optional.empty();
    }
    Format format = Format.valueOf(row.getString("request_format"));
    return Optional.of(
        erased
            ? DeliveryMapper.erased(body, format)
            : new StoredPayload.Present(Payload.of(body, format)));
  }

  private static Outcome readOutcome(ResultSet row) throws SQLException {
    Outcome.Code code = Outcome.Code.valueOf(row.getString("outcome"));
    return row.getObject("status_code") == null
        ? Outcome.withoutResponse(code, row.getString("detail"))
        : new Outcome.Responded(readResponse(row), SqlValues.findMillis(row, "retry_after_ms"));
  }

  private static ReceiverResponse readResponse(ResultSet row) throws SQLException {
    return new ReceiverResponse(
        row.getInt("status_code"),
        AttemptColumns.readHeaders(row.getString("response_headers")),
        new String(row.getBytes("response_body"), StandardCharsets.UTF_8),
        row.getBoolean("response_truncated"));
  }
}
