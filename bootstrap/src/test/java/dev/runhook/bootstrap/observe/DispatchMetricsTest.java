package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.embedded.DispatchMetrics;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispatchMetricsTest {
  private static final Instant RECORDED = Instant.parse("2026-01-02T12:00:00Z");
  private static final Webhook WEBHOOK =
      Samples.webhook(
          new WebhookId(new UUID(0, 7)), Samples.DEMO, Samples.endpoint(1), Samples.NOON);

  private final PrometheusMetrics metrics = new PrometheusMetrics("1.2.3");
  private final DispatchMetrics observer = new DispatchMetrics(metrics.registry());

  @Test
  void all_outcomes_are_exported_before_the_first_attempt() {
    for (Outcome.Code code : Outcome.Code.values()) {
      assertThat(metrics.scrape())
          .contains("runhook_attempts_total{outcome=\"" + code + "\"} 0.0\n");
    }
  }

  @Test
  void the_lag_is_measured_from_recording_to_the_end_of_the_response() {
    Attempt attempt =
        new Attempt(1, RECORDED.plusMillis(300), Duration.ofMillis(200), Outcome.Responded.of(204));

    observer.onAttempt(delivery(), attempt, new Disposition.Delivered());

    assertThat(metrics.scrape())
        .contains("runhook_attempts_total{outcome=\"DELIVERED\"} 1.0\n")
        .contains("runhook_attempt_duration_seconds_sum{result=\"delivered\"} 0.2\n")
        .contains("runhook_delivery_lag_seconds_sum{attempt=\"first\"} 0.5\n")
        .contains("runhook_delivery_lag_seconds_bucket{attempt=\"first\",le=\"0.25\"} 0\n")
        .contains("runhook_delivery_lag_seconds_bucket{attempt=\"first\",le=\"0.5\"} 1\n")
        .contains("runhook_delivery_lag_seconds_count{attempt=\"later\"} 0\n");
  }

  @Test
  void a_clock_that_is_behind_does_not_cause_a_negative_lag() {
    Attempt early =
        new Attempt(2, RECORDED.minusSeconds(5), Duration.ofMillis(1), Outcome.Responded.of(204));

    observer.onAttempt(delivery(), early, new Disposition.Delivered());

    assertThat(metrics.scrape())
        .contains("runhook_delivery_lag_seconds_count{attempt=\"later\"} 1\n")
        .contains("runhook_delivery_lag_seconds_sum{attempt=\"later\"} 0.0\n");
  }

  @Test
  void only_the_last_failed_attempt_counts_as_a_failed_delivery() {
    Attempt failed = new Attempt(1, RECORDED, Duration.ofMillis(200), Outcome.Responded.of(500));

    observer.onAttempt(delivery(), failed, new Disposition.Retry(Duration.ofSeconds(5)));
    observer.onAttempt(delivery(), failed, new Disposition.Exhausted());

    assertThat(metrics.scrape())
        .contains("runhook_attempts_total{outcome=\"REJECTED\"} 2.0\n")
        .contains("runhook_deliveries_failed_total 1.0\n")
        .contains("runhook_delivery_lag_seconds_count{attempt=\"first\"} 0\n");
  }

  @Test
  void health_changes_errors_and_expired_leases_are_counted() {
    observer.onHealthChange(HealthChange.PAUSED, WEBHOOK, Health.healthy());
    observer.onError("testing", new IllegalStateException("expected by the test"));
    observer.onLeaseLost(
        delivery(), new Attempt(1, RECORDED, Duration.ofMillis(200), Outcome.Responded.of(200)));

    assertThat(metrics.scrape())
        .contains("runhook_webhook_health_changes_total{change=\"paused\"} 1.0\n")
        .contains("runhook_dispatcher_errors_total 1.0\n")
        .contains("runhook_attempts_lease_expired_total 1.0\n")
        .contains("runhook_attempts_total{outcome=\"DELIVERED\"} 0.0\n");
  }

  @Test
  void the_build_and_the_virtual_threads_are_exported() {
    assertThat(metrics.scrape())
        .containsPattern("runhook_build_info\\{java=\"25[^\"]*\",version=\"1.2.3\"} 1\n")
        .contains("jvm_virtual_threads_mounted ")
        .contains("jvm_virtual_threads_queued ");
  }

  private static LeasedDelivery delivery() {
    DeliveryId id = new DeliveryId(new UUID(RECORDED.toEpochMilli() << 16 | 0x7000, 1));
    DeliveryContent content =
        new DeliveryContent(
            new EventId(new UUID(0, 1)),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    return new LeasedDelivery(new Lease(id, 1, 0), WEBHOOK, content);
  }
}
