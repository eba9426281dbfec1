package dev.runhook.domain.webhook;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookTest {
  private static final PausePolicy AFTER_3 =
      new PausePolicy(
          3, List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2)));
  private static final Instant LATER = NOON.plusSeconds(60);

  @Test
  void failures_in_a_row_are_counted_until_they_pause_it() {
    Webhook once = webhook().failed(NOON, "a timeout", AFTER_3);
    Webhook twice = once.failed(NOON, "a timeout", AFTER_3);
    Webhook thrice = twice.failed(LATER, "the last straw", AFTER_3);

    assertThat(once.health()).isEqualTo(new Active(1));
    assertThat(twice.health()).isEqualTo(new Active(2));
    assertThat(thrice.health())
        .isEqualTo(new Paused(LATER, 3, LATER.plusSeconds(5), "the last straw"));
    assertThat(thrice.isEnabled()).isTrue();
  }

  @Test
  void a_success_between_forgets_the_failures() {
    Webhook webhook = webhook().failed(NOON, "a", AFTER_3).failed(NOON, "a", AFTER_3).succeeded();

    assertThat(webhook.health()).isEqualTo(Health.healthy());
    assertThat(webhook.failed(NOON, "a", AFTER_3).health()).isEqualTo(new Active(1));
  }

  @Test
  void each_failed_probe_puts_the_next_one_off_and_the_last_wait_repeats() {
    Webhook webhook = paused();
    Instant fourth = NOON.plusSeconds(100);
    Instant fifth = NOON.plusSeconds(200);
    Instant sixth = NOON.plusSeconds(400);

    Webhook after4 = webhook.probeFailed(fourth, "4th", AFTER_3);
    Webhook after5 = after4.probeFailed(fifth, "5th", AFTER_3);
    Webhook after6 = after5.probeFailed(sixth, "6th", AFTER_3);

    assertThat(after4.health()).isEqualTo(new Paused(NOON, 4, fourth.plusSeconds(30), "4th"));
    assertThat(after5.health()).isEqualTo(new Paused(NOON, 5, fifth.plusSeconds(120), "5th"));
    assertThat(after6.health()).isEqualTo(new Paused(NOON, 6, sixth.plusSeconds(120), "6th"));
  }

  @Test
  void what_was_under_way_when_it_was_paused_tells_nothing_new() {
    assertThat(paused().failed(LATER, "a straggler", AFTER_3)).isEqualTo(paused());
  }

  @Test
  void a_failed_probe_of_one_that_is_well_again_is_a_failure_like_any_other() {
    assertThat(webhook().probeFailed(LATER, "a", AFTER_3).health()).isEqualTo(new Active(1));
  }

  @Test
  void a_successful_probe_makes_it_well() {
    assertThat(paused().succeeded().health()).isEqualTo(Health.healthy());
  }

  @Test
  void gone_disables_it_and_says_why() {
    Webhook gone = webhook().disabledByReceiver(NOON);

    assertThat(gone.health()).isEqualTo(new Disabled(NOON, "the receiver answered 410 Gone"));
    assertThat(gone.isEnabled()).isFalse();
    assertThat(paused().disabledByReceiver(LATER).isEnabled()).isFalse();
  }

  @Test
  void what_attempts_under_way_end_with_does_not_enable_or_change_a_disabled_one() {
    Webhook disabled = webhook().disabled(NOON, "disabled by Ada");

    assertThat(disabled.succeeded()).isEqualTo(disabled);
    assertThat(disabled.failed(LATER, "a timeout", AFTER_3)).isEqualTo(disabled);
    assertThat(disabled.probeFailed(LATER, "a timeout", AFTER_3)).isEqualTo(disabled);
    assertThat(disabled.disabledByReceiver(LATER)).isEqualTo(disabled);
  }

  @Test
  void health_is_no_change_by_a_person() {
    assertThat(webhook().failed(LATER, "a", AFTER_3).updatedAt()).isEqualTo(NOON);
    assertThat(webhook().disabledByReceiver(LATER).updatedAt()).isEqualTo(NOON);
    assertThat(paused().succeeded().updatedAt()).isEqualTo(NOON);
  }

  @Test
  void a_disabled_one_keeps_its_first_reason() {
    Webhook disabled = webhook().disabled(NOON, "first").disabled(LATER, "second");

    assertThat(disabled.health()).isEqualTo(new Disabled(NOON, "first"));
    assertThat(disabled.updatedAt()).isEqualTo(NOON);
  }

  @Test
  void enabling_forgets_failures_and_reasons() {
    assertThat(webhook().disabled(NOON, "a").enabled(LATER).health()).isEqualTo(Health.healthy());
    assertThat(paused().enabled(LATER).health()).isEqualTo(Health.healthy());
    assertThat(webhook().disabled(NOON, "a").enabled(LATER).updatedAt()).isEqualTo(LATER);
  }

  @Test
  void enabling_a_well_one_changes_nothing() {
    assertThat(webhook().enabled(LATER)).isEqualTo(webhook());
  }

  @Test
  void another_endpoint_or_other_headers_make_another_revision() {
    WebhookSettings plain = webhook().settings();
    WebhookSettings spelled = WebhookSettings.of(Endpoint.ofStored("https://HOOKS.example.com/"));
    WebhookSettings headed = headed(new CustomHeaders(List.of(new Header("X-Key", "1"))));

    assertThat(webhook().edited(plain, LATER).revision()).isEqualTo(1);
    assertThat(webhook().edited(spelled, LATER).revision()).isEqualTo(2);
    assertThat(webhook().edited(headed, LATER).edited(headed, LATER).revision()).isEqualTo(2);
    assertThat(webhook().edited(headed, LATER).edited(plain, LATER).revision()).isEqualTo(3);
    assertThat(webhook().edited(headed, LATER).currentRevision())
        .isEqualTo(new WebhookRevision(2, headed.endpoint(), headed.headers()));
  }

  @Test
  void nothing_else_makes_another_revision() {
    Webhook headed = webhook().edited(headed(CustomHeaders.none()), LATER);

    assertThat(headed.rotated(SigningSecret.parse("next"), LATER, Duration.ZERO).revision())
        .isEqualTo(1);
    assertThat(paused().succeeded().disabled(LATER, "a").enabled(LATER).revision()).isEqualTo(1);
  }

  private static WebhookSettings headed(CustomHeaders headers) {
    WebhookSettings plain = webhook().settings();
    return new WebhookSettings(
        plain.endpoint(), "another name", plain.subscription(), headers, plain.delivery());
  }

  @Test
  void a_new_endpoint_begins_with_a_clean_record() {
    WebhookSettings elsewhere =
        WebhookSettings.of(Endpoint.ofStored("https://example.com/elsewhere"));

    assertThat(paused().edited(elsewhere, LATER).health()).isEqualTo(Health.healthy());
    assertThat(paused().edited(elsewhere, LATER).updatedAt()).isEqualTo(LATER);
  }

  @Test
  void another_edit_keeps_the_record() {
    WebhookSettings renamed =
        new WebhookSettings(
            webhook().settings().endpoint(),
            "renamed",
            Subscription.all(),
            CustomHeaders.none(),
            DeliverySettings.defaults());

    assertThat(paused().edited(renamed, LATER).health()).isEqualTo(paused().health());
  }

  @Test
  void a_new_endpoint_does_not_enable_a_disabled_one() {
    WebhookSettings elsewhere =
        WebhookSettings.of(Endpoint.ofStored("https://example.com/elsewhere"));

    assertThat(webhook().disabledByReceiver(NOON).edited(elsewhere, LATER).isEnabled()).isFalse();
  }

  @Test
  void a_new_secret_keeps_the_old_one_for_the_overlap() {
    SigningSecret next = SigningSecret.parse("next");

    Webhook rotated = webhook().rotated(next, LATER, Duration.ofHours(1));

    assertThat(rotated.keys().activeSecrets(LATER))
        .containsExactly(next, webhook().keys().current());
    assertThat(rotated.updatedAt()).isEqualTo(LATER);
  }

  @Test
  void a_policy_pauses_after_one_failure_at_least_and_knows_how_long_to_wait() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PausePolicy(0, List.of(Duration.ZERO)));
    assertThatIllegalArgumentException().isThrownBy(() -> new PausePolicy(1, List.of()));
    assertThat(
            webhook()
                .failed(NOON, "a", new PausePolicy(1, List.of(Duration.ofSeconds(5))))
                .health())
        .isEqualTo(new Paused(NOON, 1, NOON.plusSeconds(5), "a"));
  }

  @Test
  void a_name_is_200_characters_at_most_and_has_no_control_characters() {
    Endpoint endpoint = webhook().settings().endpoint();

    assertThat(named(endpoint, "ü".repeat(200)).name()).hasSize(200);
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "x".repeat(201)));
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "a\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "a\u0000b"));
  }

  @Test
  void a_name_with_half_a_character_is_refused() {
    Endpoint endpoint = webhook().settings().endpoint();

    assertThat(named(endpoint, "deploys 🚀").name()).isEqualTo("deploys 🚀");
    assertThatIllegalArgumentException().isThrownBy(() -> named(endpoint, "half \ud83d"));
  }

  private static WebhookSettings named(Endpoint endpoint, String name) {
    return new WebhookSettings(
        endpoint, name, Subscription.all(), CustomHeaders.none(), DeliverySettings.defaults());
  }

  private static Webhook paused() {
    return webhook()
        .failed(NOON, "a", AFTER_3)
        .failed(NOON, "a", AFTER_3)
        .failed(NOON, "a", AFTER_3);
  }
}
