package dev.runhook.domain.assessment;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.assessment.Assessment.Cause;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HealthSummaryTest {
  private static final Instant EARLIER = NOON.minus(Duration.ofHours(2));
  private static final HealthSummary IDLE = of(Health.healthy());
  private static final HealthSummary HEALTHY = of(Health.proven());
  private static final HealthSummary DISABLED = of(new Health.Disabled(NOON, Optional.of("Ada")));
  private static final HealthSummary GONE = of(new Health.Disabled(NOON, Optional.empty()));
  private static final HealthSummary PAUSED = of(new Health.Paused(EARLIER, 9, NOON, "HTTP 503"));
  private static final HealthSummary FAILING =
      of(new Health.Active(new Failures(3, NOON, "HTTP 500")));

  @Test
  void the_verdict_is_that_of_the_most_urgent_webhook() {
    List<HealthSummary> mostUrgentFirst =
        List.of(FAILING, PAUSED, GONE, HEALTHY, IDLE, DISABLED, HealthSummary.none(NOON));

    for (int i = 1; i < mostUrgentFirst.size(); i++) {
      HealthSummary more = mostUrgentFirst.get(i - 1);
      HealthSummary less = mostUrgentFirst.get(i);
      assertThat(more.plus(less).worst().cause()).isEqualTo(more.worst().cause());
      assertThat(less.plus(more).worst().cause()).isEqualTo(more.worst().cause());
    }
  }

  @Test
  void with_the_same_verdict_that_with_more_failed_or_waiting_deliveries_is_more_urgent() {
    Health failing = new Health.Active(new Failures(3, NOON, "HTTP 500"));
    HealthSummary one = withPending(failing, 1);
    HealthSummary two = withPending(failing, 2);

    assertThat(Stream.of(HEALTHY, PAUSED, one, two).sorted(HealthSummary.MOST_URGENT_FIRST))
        .containsExactly(two, one, PAUSED, HEALTHY);
  }

  @Test
  void webhooks_are_counted_by_verdict_and_those_that_need_attention_by_cause() {
    HealthSummary all = FAILING.plus(PAUSED).plus(HEALTHY).plus(DISABLED).plus(IDLE).plus(IDLE);

    assertThat(all.webhooks()).isEqualTo(6);
    assertThat(all.count(Verdict.IDLE)).isEqualTo(2);
    assertThat(all.count(Verdict.DEGRADED)).isZero();
    assertThat(all.needingAttention()).isEqualTo(2);
    assertThat(all.causes()).isEqualTo(Map.of(Cause.ATTEMPTS_FAIL, 2));
  }

  @Test
  void the_trouble_began_with_the_first_webhook_that_needs_attention() {
    assertThat(FAILING.plus(PAUSED).worst().since()).contains(EARLIER);
    assertThat(FAILING.plus(DISABLED).worst().since()).contains(NOON);
  }

  @Test
  void trends_are_added_by_time() {
    Trend later = withLast(NOON.plus(Trend.STEP), 3);
    Trend earlier = withLast(NOON, 4);

    Trend sum = earlier.plus(later);

    assertThat(sum).isEqualTo(later.plus(earlier));
    assertThat(sum.from()).isEqualTo(later.from());
    assertThat(sum.delivered().subList(Trend.LENGTH - 3, Trend.LENGTH)).containsExactly(0, 4, 3);
  }

  @Test
  void a_trend_changes_only_with_the_half_hour() {
    assertThat(Trend.start(NOON.plus(Duration.ofMinutes(29)))).isEqualTo(Trend.start(NOON));
    assertThat(Trend.start(NOON.plus(Trend.STEP))).isEqualTo(Trend.start(NOON).plus(Trend.STEP));
  }

  private static Trend withLast(Instant now, int delivered) {
    List<Integer> zeros = Trend.none(now).delivered();
    List<Integer> counts = Stream.concat(zeros.stream().skip(1), Stream.of(delivered)).toList();
    return new Trend(Trend.start(now), counts, zeros);
  }

  private static HealthSummary of(Health health) {
    return withPending(health, 0);
  }

  private static HealthSummary withPending(Health health, int pending) {
    WebhookActivity none = WebhookActivity.none(NOON);
    WebhookActivity activity =
        new WebhookActivity(
            NOON,
            none.lastSuccess(),
            none.lastFailure(),
            pending,
            none.oldestPending(),
            none.repeatedlyFailed(),
            none.failedDeliveries(),
            none.firstAttempts(),
            none.recent(),
            none.trend());
    return HealthSummary.of(webhook().withHealth(health), activity);
  }
}
