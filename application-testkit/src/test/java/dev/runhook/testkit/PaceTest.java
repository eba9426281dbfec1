package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.PaceEdit;
import dev.runhook.application.webhook.PaceEdit.Choice;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Webhooks with a timeout and a retry schedule of their own.
class PaceTest {
  private final World world = new World();

  @Test
  void a_request_has_the_webhooks_own_timeout_or_the_servers() {
    Webhook patient = webhook(world, 1, timeout(Pace.LONGEST_TIMEOUT));
    Webhook usual = world.webhook(2);

    world.start("run-1");

    assertThat(timeoutsTo(patient)).containsExactly(Pace.LONGEST_TIMEOUT);
    assertThat(timeoutsTo(usual)).containsExactly(World.RULES.timeout());
  }

  @Test
  void a_delivery_is_retried_by_the_webhooks_own_schedule() {
    Webhook own = webhook(world, 1, waits(Duration.ofMinutes(10)));
    Webhook usual = world.webhook(2);
    List.of(own, usual).forEach(webhook -> world.answers(webhook, World.ERROR));

    world.start("run-1");
    world.pass(Duration.ofMinutes(7));
    int ownTooSoon = world.told(own).size();
    int usualMeanwhile = world.told(usual).size();
    world.pass(Duration.ofMinutes(5));

    assertThat(ownTooSoon).isEqualTo(1);
    assertThat(usualMeanwhile).isEqualTo(2);
    assertThat(world.told(own)).hasSize(2);
    assertThat(world.latestOf(own).status()).isEqualTo(Status.FAILED);
    assertThat(world.latestOf(usual).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void an_empty_schedule_gives_up_after_the_first_attempt() {
    Webhook webhook = webhook(world, 1, waits());
    world.answers(webhook, World.ERROR);

    world.start("run-1");
    world.pass(Duration.ofDays(1));

    assertThat(world.told(webhook)).hasSize(1);
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void a_schedule_that_is_changed_holds_for_what_waits_already() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, World.ERROR);
    world.start("run-1");
    PaceEdit never =
        new PaceEdit(Optional.empty(), Optional.of(new Choice<>(Optional.of(List.of()))));

    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().pace(never), World.ADA);
    world.pass(Duration.ofSeconds(6));

    assertThat(world.told(webhook)).hasSize(2);
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void what_could_outlast_its_lease_by_its_own_timeout_is_not_begun() {
    TaskBox attempts = new TaskBox();
    World narrow = new World(World.RULES.atMost(1, 1), attempts);
    Webhook patient = webhook(narrow, 1, timeout(Pace.LONGEST_TIMEOUT));
    narrow.start("run-1");
    attempts.runLast(); // which begins what there is room for
    narrow.start("run-2");

    narrow.clock.advance(Duration.ofSeconds(6));
    attempts.runAll();

    assertThat(narrow.told(patient)).hasSize(1);
    assertThat(narrow.deliveriesOf(patient)).extracting(Delivery::attempts).containsExactly(0, 1);
  }

  @Test
  void what_is_sure_to_end_within_its_lease_is_begun_after_the_same_wait() {
    TaskBox attempts = new TaskBox();
    World narrow = new World(World.RULES.atMost(1, 1), attempts);
    Webhook usual = narrow.webhook(1);
    narrow.start("run-1");
    attempts.runLast(); // which begins what there is room for
    narrow.start("run-2");

    narrow.clock.advance(Duration.ofSeconds(6));
    attempts.runAll();

    assertThat(narrow.told(usual)).hasSize(2);
  }

  @Test
  void a_lease_outlasts_the_attempt_of_the_most_patient_webhook_there_could_be() {
    Duration least = Pace.LONGEST_TIMEOUT.plus(DispatchRules.MARGIN);

    assertThat(rules(Duration.ofMillis(100)).lease()).isEqualTo(least);
    assertThat(rules(Duration.ofMinutes(5)).lease()).isGreaterThan(Duration.ofMinutes(5));
    assertThat(leased(Duration.ofSeconds(1), least).lease()).isEqualTo(least);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> leased(Duration.ofSeconds(1), least.minusMillis(1)))
        .withMessageContaining("PT30S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> leased(Duration.ofSeconds(31), least))
        .withMessageContaining("PT31S");
  }

  private static Webhook webhook(World world, int number, Pace pace) {
    return world.webhook(WebhookDraft.of(Samples.endpoint(number).text()).pace(pace));
  }

  private static Pace timeout(Duration timeout) {
    return new Pace(Optional.of(timeout), Optional.empty());
  }

  private static Pace waits(Duration... waits) {
    return new Pace(Optional.empty(), Optional.of(List.of(waits)));
  }

  private List<Duration> timeoutsTo(Webhook webhook) {
    return world.transport.requestsTo(webhook.settings().endpoint()).stream()
        .map(SignedRequest::timeout)
        .toList();
  }

  private static DispatchRules rules(Duration timeout) {
    return DispatchRules.of(World.RULES.schedule(), World.RULES.pausing(), timeout);
  }

  private static DispatchRules leased(Duration timeout, Duration lease) {
    return new DispatchRules(World.RULES.schedule(), World.RULES.pausing(), timeout, lease, 64, 64);
  }
}
