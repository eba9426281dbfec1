package dev.runhook.domain.assessment;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.assessment.Assessment.Cause;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.WebhookActivity.FirstAttempts;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AssessmentTest {
  private static final Instant HOUR_AGO = NOON.minus(Duration.ofHours(1));
  private static final FirstAttempts NONE = new FirstAttempts(0, 0);

  @Test
  void a_webhook_is_idle_until_something_was_sent() {
    assertThat(assess(Health.healthy(), WebhookActivity.none(NOON)))
        .isEqualTo(verdict(Verdict.IDLE, Cause.NOTHING_SENT));
    assertThat(assess(Health.healthy(), activity(0, 0, 1, NONE)).verdict())
        .isEqualTo(Verdict.HEALTHY);
    assertThat(assess(Health.proven(), WebhookActivity.none(NOON)).verdict())
        .isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void a_webhook_that_never_worked_fails_after_two_attempts() {
    assertThat(assess(failing(1, NOON), WebhookActivity.none(NOON)).verdict())
        .isEqualTo(Verdict.DEGRADED);
    assertThat(assess(failing(2, NOON), WebhookActivity.none(NOON)))
        .isEqualTo(
            new Assessment(
                Verdict.FAILING, Cause.ATTEMPTS_FAIL, Optional.of(NOON), Optional.of("HTTP 500")));
  }

  @Test
  void a_webhook_that_worked_has_a_minute_to_recover() {
    WebhookActivity worked = activity(0, 0, 1, NONE);
    Instant secondsAgo = NOON.minusSeconds(59);

    assertThat(assess(failing(1, secondsAgo), worked).verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(assess(failing(2, secondsAgo), worked).verdict()).isEqualTo(Verdict.DEGRADED);
    assertThat(assess(failing(1, HOUR_AGO), worked).verdict()).isEqualTo(Verdict.DEGRADED);
    assertThat(assess(failing(6, HOUR_AGO), worked).verdict()).isEqualTo(Verdict.FAILING);
  }

  @Test
  void deliveries_that_do_not_arrive_degrade_a_webhook_whose_last_attempt_succeeded() {
    assertThat(assess(Health.proven(), activity(2, 0, 0, NONE)))
        .isEqualTo(verdict(Verdict.DEGRADED, Cause.DELIVERIES_FAILED));
    assertThat(assess(Health.proven(), activity(0, 1, 1, NONE)))
        .isEqualTo(verdict(Verdict.DEGRADED, Cause.RETRIES_FAIL));
    assertThat(assess(Health.proven(), activity(0, 0, 1, new FirstAttempts(10, 2))))
        .isEqualTo(verdict(Verdict.DEGRADED, Cause.FIRST_ATTEMPTS_FAIL));
    assertThat(assess(Health.proven(), activity(0, 0, 1, new FirstAttempts(10, 1))).verdict())
        .isEqualTo(Verdict.HEALTHY);
    assertThat(assess(Health.proven(), activity(0, 0, 0, new FirstAttempts(10, 2))).verdict())
        .isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void a_webhook_is_degraded_while_a_delivery_waits_for_more_than_a_minute() {
    Instant minuteAgo = NOON.minusSeconds(60);

    assertThat(assess(Health.proven(), waitingSince(minuteAgo)))
        .isEqualTo(
            new Assessment(
                Verdict.DEGRADED, Cause.DELIVERIES_WAIT, Optional.of(minuteAgo), Optional.empty()));
    assertThat(assess(Health.healthy(), waitingSince(minuteAgo)).cause())
        .isEqualTo(Cause.DELIVERIES_WAIT);
    assertThat(assess(Health.proven(), waitingSince(minuteAgo.plusMillis(1))).verdict())
        .isEqualTo(Verdict.HEALTHY);
  }

  private static WebhookActivity waitingSince(Instant oldest) {
    return new WebhookActivity(
        NOON,
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.of(oldest),
        0,
        0,
        NONE,
        RecentDeliveries.none(),
        Trend.none(NOON));
  }

  @Test
  void a_webhook_that_cannot_send_its_format_is_degraded() {
    Webhook webhook =
        webhook().withHealth(Health.proven()).withFormatError(Optional.of("too many steps"));

    assertThat(Assessment.of(webhook, activity(0, 0, 0, NONE)))
        .isEqualTo(
            new Assessment(
                Verdict.DEGRADED,
                Cause.FORMAT_ERROR,
                Optional.empty(),
                Optional.of("too many steps")));
  }

  @Test
  void a_pause_and_a_disabled_webhook_have_their_causes() {
    WebhookActivity failed = activity(3, 3, 3, NONE);

    assertThat(assess(new Health.Paused(HOUR_AGO, 10, NOON, "HTTP 503"), failed))
        .isEqualTo(
            new Assessment(
                Verdict.PAUSED,
                Cause.ATTEMPTS_FAIL,
                Optional.of(HOUR_AGO),
                Optional.of("HTTP 503")));
    assertThat(assess(new Health.Disabled(HOUR_AGO, Optional.of("Ana")), failed))
        .isEqualTo(
            new Assessment(
                Verdict.DISABLED,
                Cause.DISABLED_BY_USER,
                Optional.of(HOUR_AGO),
                Optional.of("Ana")));
    assertThat(assess(new Health.Disabled(HOUR_AGO, Optional.empty()), failed).cause())
        .isEqualTo(Cause.DISABLED_BY_RECEIVER);
  }

  @Test
  void a_webhook_that_a_user_disabled_needs_attention_if_deliveries_wait_or_are_lost() {
    Health byUser = new Health.Disabled(HOUR_AGO, Optional.of("Ana"));
    Health byReceiver = new Health.Disabled(HOUR_AGO, Optional.empty());

    assertThat(needsAttention(byUser, activity(0, 0, 0, NONE))).isFalse();
    assertThat(needsAttention(byUser, activity(1, 0, 0, NONE))).isTrue();
    assertThat(needsAttention(byUser, activity(0, 0, 1, NONE))).isTrue();
    assertThat(needsAttention(byReceiver, activity(0, 0, 0, NONE))).isTrue();
    assertThat(needsAttention(Health.proven(), activity(0, 0, 1, NONE))).isFalse();
    assertThat(needsAttention(Health.proven(), activity(1, 0, 0, NONE))).isTrue();
  }

  private static boolean needsAttention(Health health, WebhookActivity activity) {
    return assess(health, activity).needsAttention(activity);
  }

  @Test
  void a_webhook_whose_secret_cannot_be_decrypted_fails() {
    Webhook webhook =
        webhook().withKeys(SigningKeys.of(SigningSecret.undecryptable("no such key")), NOON);

    Assessment assessment = Assessment.of(webhook, activity(0, 0, 0, NONE));

    assertThat(assessment.verdict()).isEqualTo(Verdict.FAILING);
    assertThat(assessment.cause()).isEqualTo(Cause.UNDECRYPTABLE);
    assertThat(assessment.detail().orElseThrow()).contains("no such key");
  }

  private static Assessment verdict(Verdict verdict, Cause cause) {
    return new Assessment(verdict, cause, Optional.empty(), Optional.empty());
  }

  private static Health failing(int count, Instant since) {
    return new Health.Active(new Failures(count, since, "HTTP 500"));
  }

  private static Assessment assess(Health health, WebhookActivity activity) {
    return Assessment.of(webhook().withHealth(health), activity);
  }

  /// Returns the activity of a webhook that has delivered something.
  private static WebhookActivity activity(
      int failed, int repeatedlyFailed, int pending, FirstAttempts first) {
    return new WebhookActivity(
        NOON,
        Optional.of(HOUR_AGO),
        Optional.empty(),
        pending,
        Optional.empty(),
        repeatedlyFailed,
        failed,
        first,
        RecentDeliveries.none(),
        Trend.none(NOON));
  }
}
