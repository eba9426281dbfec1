package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausingTest {
  private static final PausePolicy AFTER_3 =
      new PausePolicy(3, List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)));
  private final World world =
      new World(DispatchRules.of(World.RULES.schedule(), AFTER_3, World.RULES.timeout()));
  private final Webhook webhook = world.webhook(1);

  @Test
  void failures_in_a_row_pause_a_webhook_and_nothing_more_is_sent() {
    fail("run-1", "run-2", "run-3");
    world.start("run-4");
    world.pass(Duration.ofSeconds(59));

    assertThat(world.told(webhook)).hasSize(3);
    assertThat(world.now(webhook).health()).isInstanceOf(Paused.class);
    assertThat(world.now(webhook).health().consecutiveFailures()).isEqualTo(3);
    assertThat(world.observations.turns).containsExactly(HealthTurn.PAUSED);
    assertThat(world.observations.turned.getLast().health()).isInstanceOf(Paused.class);
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void a_success_between_begins_the_count_again() {
    fail("run-1", "run-2");
    world.answers(webhook, Outcome.Answered.of(200));
    world.start("run-3");
    world.answers(webhook, World.ERROR);
    world.start("run-4");

    assertThat(world.now(webhook).health()).isEqualTo(new Active(1));
  }

  @Test
  void a_paused_webhook_gets_one_probe_when_it_is_due_and_the_next_one_later() {
    fail("run-1", "run-2", "run-3");

    world.pass(Duration.ofMinutes(1));
    int afterTheFirst = world.told(webhook).size();
    world.dispatcher.round();
    world.pass(Duration.ofMinutes(9));
    int tooSoon = world.told(webhook).size();
    world.pass(Duration.ofMinutes(1));

    assertThat(afterTheFirst).isEqualTo(4);
    assertThat(tooSoon).isEqualTo(4);
    assertThat(world.told(webhook)).hasSize(5);
    assertThat(world.now(webhook).health().consecutiveFailures()).isEqualTo(5);
  }

  @Test
  void a_webhook_that_is_well_again_catches_up_in_order() {
    fail("run-1", "run-2", "run-3");
    RunId run = world.start("run-4");
    world.move(run, RunState.READY, RunState.PREPARING, RunState.FAILED);
    world.answers(webhook, Outcome.Answered.of(200));

    world.pass(Duration.ofMinutes(1));
    world.dispatcher.round();

    assertThat(world.now(webhook).health()).isEqualTo(Health.healthy());
    assertThat(world.observations.turns).containsExactly(HealthTurn.PAUSED, HealthTurn.RECOVERED);
    assertThat(world.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
    assertThat(statesToldOf("run-4")).containsExactly("QUEUED", "READY", "PREPARING", "FAILED");
  }

  @Test
  void another_webhook_goes_on_while_one_is_paused() {
    Webhook healthy = world.webhook(2);
    fail("run-1", "run-2", "run-3");

    world.start("run-4");

    assertThat(world.told(healthy)).hasSize(4);
  }

  @Test
  void gone_disables_a_webhook_and_gives_the_delivery_up() {
    world.answers(webhook, Outcome.Answered.of(410));

    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    assertThat(world.now(webhook).health()).isInstanceOf(Disabled.class);
    assertThat(world.observations.turns).containsExactly(HealthTurn.DISABLED);
    assertThat(world.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.FAILED);
    assertThat(world.told(webhook)).containsExactly("QUEUED");
  }

  @Test
  void what_waited_for_a_disabled_webhook_goes_out_when_it_is_enabled() {
    world.transport.next(webhook.settings().endpoint(), World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);
    world.pass(Duration.ofHours(1));
    List<String> whileDisabled = world.told(webhook);

    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(true), World.ADA);
    world.dispatcher.round();

    assertThat(whileDisabled).containsExactly("QUEUED");
    assertThat(world.told(webhook)).containsExactly("QUEUED", "QUEUED", "READY");
  }

  private void fail(String... runs) {
    world.answers(webhook, World.ERROR);
    List.of(runs).forEach(world::start);
  }

  private List<String> statesToldOf(String run) {
    return world.transport.requests().stream()
        .map(request -> request.payload().text())
        .filter(body -> body.contains("\"" + run + "\""))
        .map(body -> body.replaceAll(".*\"state\":\"([A-Z_]+)\".*", "$1"))
        .toList();
  }
}
