package dev.runhook.http.delivery;

import dev.runhook.application.query.LaneSummary;
import dev.runhook.application.stats.RunMatrix;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.http.api.Pagination;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// For each run of a page and each webhook of its stack: what became of the deliveries.
///
/// @param webhooks the deleted ones last
/// @param next the cursor of the earlier runs
record RunMatrixJson(
    List<WebhookRefJson> webhooks, List<RunLanesJson> items, Optional<String> next) {
  static RunMatrixJson of(RunMatrix matrix) {
    return new RunMatrixJson(
        Stream.concat(
                matrix.webhooks().stream().map(webhook -> WebhookRefJson.of(webhook, false)),
                matrix.deleted().stream().map(webhook -> WebhookRefJson.of(webhook, true)))
            .toList(),
        matrix.rows().items().stream().map(RunLanesJson::of).toList(),
        Pagination.encodeNext(matrix.rows()));
  }

  record WebhookRefJson(String id, String name, String endpoint, boolean deleted) {
    static WebhookRefJson of(Webhook webhook, boolean deleted) {
      return new WebhookRefJson(
          webhook.id().toString(),
          webhook.settings().name(),
          webhook.settings().endpoint().text(),
          deleted);
    }
  }

  record RunLanesJson(
      String id,
      RunType type,
      String branch,
      Instant createdAt,
      RunState state,
      long stateVersion,
      List<LaneJson> lanes) {
    static RunLanesJson of(RunMatrix.Row row) {
      Run run = row.run();
      return new RunLanesJson(
          run.id().name(),
          run.details().type(),
          run.details().branch(),
          run.createdAt(),
          run.progress().state(),
          run.progress().version(),
          row.lanes().stream().map(LaneJson::of).toList());
    }
  }

  /// @param phase null if the webhook was skipped for all transitions
  record LaneJson(
      String webhook, Optional<DeliveryPhase> phase, int deliveries, int delivered, int skipped) {
    static LaneJson of(LaneSummary lane) {
      return new LaneJson(
          lane.webhook().toString(),
          lane.phase(),
          lane.deliveries(),
          lane.delivered(),
          lane.skipped());
    }
  }
}
