package dev.runhook.persistence.queue;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An open delivery that a transaction moves to the finished deliveries. One statement removes it
/// and returns it, another one inserts it, because Citus cannot do both in one.
public record QueueRow(
    UUID id,
    UUID webhook,
    @Nullable UUID run,
    UUID event,
    String kind,
    @Nullable String state,
    @Nullable Long stateVersion,
    @Nullable Long previousVersion,
    @Nullable UUID redeliveryOf,
    int attempts,
    @Nullable UUID subject) {
  /// The columns that open and finished deliveries have in common.
  public static final String COLUMNS =
      """
      id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, redelivery_of, attempts\
      """;

  /// The arguments of `unnest` for [#COLUMNS].
  public static final String ARRAYS =
      """
      :rowIds, :webhooks, :runs, :events, :kinds, :states, :versions, :previousVersions, :redeliveries, :attempts\
      """;

  /// The lane; empty for pings and test events.
  public Optional<LaneKey> lane() {
    return Optional.ofNullable(run == null ? subject : run)
        .filter(it -> !it.equals(id))
        .map(it -> new LaneKey(new WebhookId(webhook), it, run != null));
  }

  /// Reads a row of the queue.
  public static QueueRow read(ResultSet row) throws SQLException {
    return new QueueRow(
        row.getObject("id", UUID.class),
        row.getObject("webhook_id", UUID.class),
        row.getObject("run_id", UUID.class),
        row.getObject("event_id", UUID.class),
        row.getString("kind"),
        row.getString("state"),
        row.getObject("state_version", Long.class),
        row.getObject("previous_version", Long.class),
        row.getObject("redelivery_of", UUID.class),
        row.getInt("attempts"),
        row.getObject("subject_id", UUID.class));
  }

  /// The parameters of [#ARRAYS].
  public static UnnestParameters<QueueRow> parameters(List<QueueRow> rows) {
    return UnnestParameters.of(rows)
        .uuids("rowIds", QueueRow::id)
        .uuids("webhooks", QueueRow::webhook)
        .uuids("runs", QueueRow::run)
        .uuids("events", QueueRow::event)
        .texts("kinds", QueueRow::kind)
        .texts("states", QueueRow::state)
        .longs("versions", QueueRow::stateVersion)
        .longs("previousVersions", QueueRow::previousVersion)
        .uuids("redeliveries", QueueRow::redeliveryOf)
        .longs("attempts", row -> (long) row.attempts());
  }
}
