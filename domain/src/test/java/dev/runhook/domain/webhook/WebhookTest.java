package dev.runhook.domain.webhook;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.failedProbe;
import static dev.runhook.domain.webhook.WebhookSamples.failure;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookTest {
  private static final PausePolicy AFTER_3 =
      new PausePolicy(
          3, List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2)));
  private static final Instant LATER = NOON.plusSeconds(60);

  @Test
  void consecutive_failures_are_counted_until_they_pause_the_webhook() {
    Webhook once = webhook().failed(failure(NOON, "a timeout"), AFTER_3);
    Webhook afterSecond = once.failed(failure(LATER, "no answer"), AFTER_3);
    Webhook afterThird = afterSecond.failed(failure(LATER, "no response"), AFTER_3);

    assertThat(once.health()).isEqualTo(new Active(new Failures(1, NOON, "a timeout")));
    assertThat(afterSecond.health()).isEqualTo(new Active(new Failures(2, NOON, "no answer")));
    assertThat(afterThird.health())
        .isEqualTo(new Paused(LATER, 3, LATER.plusSeconds(5), "no response"));
    assertThat(afterThird.isEnabled()).isTrue();
  }

  @Test
  void a_success_resets_the_failure_count() {
    Webhook webhook =
        webhook()
            .failed(failure(NOON, "a"), AFTER_3)
            .failed(failure(NOON, "a"), AFTER_3)
            .succeeded();

    assertThat(webhook.health()).isEqualTo(Health.proven());
    assertThat(webhook.failed(failure(LATER, "b"), AFTER_3).health())
        .isEqualTo(new Active(new Failures(1, LATER, "b")));
  }

  @Test
  void each_failed_probe_delays_the_next_one_and_the_last_delay_repeats() {
    Webhook webhook = paused();
    Instant fourth = NOON.plusSeconds(100);
    Instant fifth = NOON.plusSeconds(200);
    Instant sixth = NOON.plusSeconds(400);

    Webhook after4 = webhook.failed(failedProbe(fourth, "4th"), AFTER_3);
    Webhook after5 = after4.failed(failedProbe(fifth, "5th"), AFTER_3);
    Webhook after6 = after5.failed(failedProbe(sixth, "6th"), AFTER_3);

    assertThat(after4.health()).isEqualTo(new Paused(NOON, 4, fourth.plusSeconds(30), "4th"));
    assertThat(after5.health()).isEqualTo(new Paused(NOON, 5, fifth.plusSeconds(120), "5th"));
    assertThat(after6.health()).isEqualTo(new Paused(NOON, 6, sixth.plusSeconds(120), "6th"));
  }

  @Test
  void attempts_in_flight_during_the_pause_do_not_count() {
    assertThat(paused().failed(failure(LATER, "a straggler"), AFTER_3)).isEqualTo(paused());
  }

  @Test
  void a_failed_probe_of_an_active_webhook_counts_like_any_failure() {
    assertThat(webhook().failed(failedProbe(LATER, "a"), AFTER_3).health())
        .isEqualTo(new Active(new Failures(1, LATER, "a")));
  }

  @Test
  void a_successful_probe_ends_the_pause() {
    assertThat(paused().succeeded().health()).isEqualTo(Health.proven());
  }

  @Test
  void status_410_disables_the_webhook_with_a_reason() {
    Webhook gone = webhook().disabledByReceiver(NOON);

    assertThat(gone.health()).isEqualTo(new Disabled(NOON, Optional.empty()));
    assertThat(gone.isEnabled()).isFalse();
    assertThat(paused().disabledByReceiver(LATER).isEnabled()).isFalse();
  }

  @Test
  void the_outcome_of_an_attempt_decides_how_the_health_changes() {
    assertThat(Responded.of(204).applyTo(paused(), true, LATER, AFTER_3).health())
        .isEqualTo(Health.proven());
    assertThat(Responded.of(410).applyTo(webhook(), false, LATER, AFTER_3).isEnabled()).isFalse();
    assertThat(
            Responded.of(500)
                .applyTo(webhook(), false, LATER, AFTER_3)
                .health()
                .consecutiveFailures())
        .isEqualTo(1);
    assertThat(Responded.of(500).applyTo(paused(), false, LATER, AFTER_3)).isEqualTo(paused());
    assertThat(Responded.of(500).applyTo(paused(), true, LATER, AFTER_3)).isNotEqualTo(paused());
    assertThat(new InternalFailure("a bug").applyTo(webhook(), false, LATER, AFTER_3))
        .isEqualTo(webhook());
  }

  @Test
  void attempts_in_flight_do_not_change_a_disabled_webhook() {
    Webhook disabled = webhook().disabled(NOON, "disabled by Ada");

    assertThat(disabled.succeeded()).isEqualTo(disabled);
    assertThat(disabled.failed(failure(LATER, "a timeout"), AFTER_3)).isEqualTo(disabled);
    assertThat(disabled.failed(failedProbe(LATER, "a timeout"), AFTER_3)).isEqualTo(disabled);
    assertThat(disabled.disabledByReceiver(LATER)).isEqualTo(disabled);
  }

  @Test
  void a_health_change_does_not_set_updated_at() {
    assertThat(webhook().failed(failure(LATER, "a"), AFTER_3).updatedAt()).isEqualTo(NOON);
    assertThat(webhook().disabledByReceiver(LATER).updatedAt()).isEqualTo(NOON);
    assertThat(paused().succeeded().updatedAt()).isEqualTo(NOON);
  }

  @Test
  void a_disabled_webhook_keeps_its_first_reason() {
    Webhook disabled = webhook().disabled(NOON, "first").disabled(LATER, "second");

    assertThat(disabled.health()).isEqualTo(new Disabled(NOON, Optional.of("first")));
    assertThat(disabled.updatedAt()).isEqualTo(NOON);
  }

  @Test
  void enabling_resets_failures_and_reasons() {
    assertThat(webhook().disabled(NOON, "a").enabled(LATER).health()).isEqualTo(Health.healthy());
    assertThat(paused().enabled(LATER).health()).isEqualTo(Health.healthy());
    assertThat(webhook().disabled(NOON, "a").enabled(LATER).updatedAt()).isEqualTo(LATER);
  }

  @Test
  void enabling_an_active_webhook_changes_nothing() {
    assertThat(webhook().enabled(LATER)).isEqualTo(webhook());
  }

  @Test
  void a_new_endpoint_or_new_headers_create_a_revision() {
    WebhookSettings original = webhook().settings();
    WebhookSettings spelled = WebhookSettings.of(Endpoint.ofStored("https://HOOKS.example.com/"));
    WebhookSettings withHeaders = withHeaders(new CustomHeaders(List.of(new Header("X-Key", "1"))));

    assertThat(webhook().edited(original, LATER).revision()).isEqualTo(1);
    assertThat(webhook().edited(spelled, LATER).revision()).isEqualTo(2);
    assertThat(webhook().edited(withHeaders, LATER).edited(withHeaders, LATER).revision())
        .isEqualTo(2);
    assertThat(webhook().edited(withHeaders, LATER).edited(original, LATER).revision())
        .isEqualTo(3);
    assertThat(webhook().edited(withHeaders, LATER).currentRevision())
        .isEqualTo(new Webhook.Revision(2, withHeaders.endpoint(), withHeaders.headers()));
  }

  @Test
  void other_changes_do_not_create_a_revision() {
    Webhook withHeaders = webhook().edited(withHeaders(CustomHeaders.none()), LATER);

    assertThat(withHeaders.rotated(SigningSecret.parse("next"), LATER, Duration.ZERO).revision())
        .isEqualTo(1);
    assertThat(paused().succeeded().disabled(LATER, "a").enabled(LATER).revision()).isEqualTo(1);
  }

  private static WebhookSettings withHeaders(CustomHeaders headers) {
    WebhookSettings original = webhook().settings();
    return new WebhookSettings(
        original.endpoint(), "another name", original.subscription(), headers, original.delivery());
  }

  @Test
  void a_new_endpoint_resets_the_failure_count() {
    WebhookSettings otherEndpoint =
        WebhookSettings.of(Endpoint.ofStored("https://example.com/otherEndpoint"));

    assertThat(paused().edited(otherEndpoint, LATER).health()).isEqualTo(Health.healthy());
    assertThat(paused().edited(otherEndpoint, LATER).updatedAt()).isEqualTo(LATER);
  }

  @Test
  void a_new_format_or_template_resets_the_failure_count() {
    DeliverySettings chat = DeliverySettings.defaults().withFormat(Format.SLACK);
    DeliverySettings template = DeliverySettings.defaults().withTemplate("{}");
    Webhook templated = webhook().edited(renamed(template), NOON);

    assertThat(paused().edited(renamed(chat), LATER).health()).isEqualTo(Health.healthy());
    assertThat(
            templated
                .failed(
                    failure(NOON, "HTTP 400"), new PausePolicy(1, List.of(Duration.ofMinutes(1))))
                .edited(renamed(template.withTemplate("[]")), LATER)
                .health())
        .isEqualTo(Health.healthy());
  }

  @Test
  void other_edits_keep_the_failure_count() {
    assertThat(paused().edited(renamed(DeliverySettings.defaults()), LATER).health())
        .isEqualTo(paused().health());
  }

  private static WebhookSettings renamed(DeliverySettings delivery) {
    return new WebhookSettings(
        webhook().settings().endpoint(),
        "renamed",
        Subscription.all(),
        CustomHeaders.none(),
        delivery);
  }

  @Test
  void a_new_endpoint_does_not_enable_a_disabled_webhook() {
    WebhookSettings otherEndpoint =
        WebhookSettings.of(Endpoint.ofStored("https://example.com/otherEndpoint"));

    assertThat(webhook().disabledByReceiver(NOON).edited(otherEndpoint, LATER).isEnabled())
        .isFalse();
  }

  @Test
  void a_rotated_secret_keeps_the_previous_one_for_the_overlap() {
    SigningSecret next = SigningSecret.parse("next");

    Webhook rotated = webhook().rotated(next, LATER, Duration.ofHours(1));

    assertThat(rotated.keys().activeSecrets(LATER))
        .containsExactly(next, webhook().keys().current());
    assertThat(rotated.updatedAt()).isEqualTo(LATER);
  }

  @Test
  void a_pause_policy_needs_at_least_one_failure_and_one_probe_delay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PausePolicy(0, List.of(Duration.ZERO)));
    assertThatIllegalArgumentException().isThrownBy(() -> new PausePolicy(1, List.of()));
    assertThat(
            webhook()
                .failed(failure(NOON, "a"), new PausePolicy(1, List.of(Duration.ofSeconds(5))))
                .health())
        .isEqualTo(new Paused(NOON, 1, NOON.plusSeconds(5), "a"));
  }

  @Test
  void a_name_has_at_most_200_characters_and_no_control_characters() {
    Endpoint endpoint = webhook().settings().endpoint();

    assertThat(named(endpoint, "ü".repeat(200)).name()).hasSize(200);
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "x".repeat(201)));
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "a\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "a\u0000b"));
  }

  @Test
  void a_name_with_an_unpaired_surrogate_is_refused() {
    Endpoint endpoint = webhook().settings().endpoint();

    assertThat(named(endpoint, "deploys 🚀").name()).isEqualTo("deploys 🚀");
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "half \ud83d"));
  }

  @Test
  void a_webhook_recovers_when_it_becomes_active_or_gets_another_endpoint() {
    Webhook failing = webhook().failed(failure(NOON, "a"), AFTER_3);
    Webhook moved =
        failing.edited(WebhookSettings.of(Endpoint.ofStored("https://example.com/new")), LATER);

    assertThat(paused().succeeded().isRecoveredFrom(paused())).isTrue();
    assertThat(paused().enabled(LATER).isRecoveredFrom(paused())).isTrue();
    assertThat(moved.isRecoveredFrom(failing)).isTrue();
    assertThat(failing.succeeded().isRecoveredFrom(failing)).isFalse();
    assertThat(paused().isRecoveredFrom(webhook())).isFalse();
    assertThat(moved.disabled(LATER, "by Ada").isRecoveredFrom(failing)).isFalse();
  }

  @Test
  void a_probe_can_be_postponed_but_not_advanced() {
    Instant planned = NOON.plusSeconds(5);

    Webhook postponed = paused().failed(retryAfter(Duration.ofSeconds(65)), AFTER_3);

    assertThat(postponed.health()).isEqualTo(new Paused(NOON, 3, planned.plusSeconds(60), "a"));
    assertThat(paused().failed(retryAfter(Duration.ZERO), AFTER_3)).isEqualTo(paused());
    assertThat(webhook().failed(retryAfter(Duration.ofSeconds(65)), AFTER_3).health())
        .isEqualTo(new Active(new Failures(1, NOON, "a")));
  }

  private static FailedAttempt retryAfter(Duration delay) {
    return new FailedAttempt(NOON, "a", false, Optional.of(delay));
  }

  private static WebhookSettings named(Endpoint endpoint, String name) {
    return new WebhookSettings(
        endpoint, name, Subscription.all(), CustomHeaders.none(), DeliverySettings.defaults());
  }

  private static Webhook paused() {
    return webhook()
        .failed(failure(NOON, "a"), AFTER_3)
        .failed(failure(NOON, "a"), AFTER_3)
        .failed(failure(NOON, "a"), AFTER_3);
  }
}
