package dev.runhook.domain.webhook;

import static dev.runhook.domain.webhook.HealthChange.DISABLED;
import static dev.runhook.domain.webhook.HealthChange.ENABLED;
import static dev.runhook.domain.webhook.HealthChange.PAUSED;
import static dev.runhook.domain.webhook.HealthChange.RECOVERED;
import static dev.runhook.domain.webhook.HealthChange.between;
import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Health.Active;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthChangeTest {
  private static final Health ACTIVE =
      new Active(new Failures(9, WebhookSamples.NOON, "a timeout"));
  private static final Health PAUSED_NOW = new Health.Paused(NOON, 10, NOON, "a timeout");
  private static final Health OFF = new Health.Disabled(NOON, Optional.of("Ada"));

  @Test
  void a_change_between_kinds_of_health_is_reported() {
    assertThat(between(ACTIVE, PAUSED_NOW)).contains(PAUSED);
    assertThat(between(PAUSED_NOW, Health.healthy())).contains(RECOVERED);
    assertThat(between(ACTIVE, OFF)).contains(DISABLED);
    assertThat(between(PAUSED_NOW, OFF)).contains(DISABLED);
    assertThat(between(OFF, Health.healthy())).contains(ENABLED);
  }

  @Test
  void a_further_failure_is_not_a_health_change() {
    assertThat(between(Health.healthy(), ACTIVE)).isEmpty();
    assertThat(between(PAUSED_NOW, new Health.Paused(NOON, 11, NOON, "a 500"))).isEmpty();
    assertThat(between(OFF, OFF)).isEmpty();
  }
}
