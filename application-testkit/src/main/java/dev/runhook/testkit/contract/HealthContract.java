package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a store does with the health of webhooks.
@Promises
public interface HealthContract {
  Transactor transactor();

  @Test
  default void every_kind_of_health_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    Health failing = new Health.Active(3);
    Health paused =
        new Health.Paused(
            scene.now(), 12, scene.now().plusSeconds(30), "the receiver answered 500 – où ça ?");
    Health disabled = new Health.Disabled(scene.now(), "disabled by Ada 💤");

    for (Health health : List.of(failing, paused, disabled)) {
      Webhook added = scene.webhook(health);
      Webhook judged = scene.webhook();
      scene.judge(judged, health);

      Webhook found =
          scene.in(unit -> unit.webhooks().find(scene.stackId(), added.id()).orElseThrow());
      Webhook foundJudged =
          scene.in(unit -> unit.webhooks().find(scene.stackId(), judged.id()).orElseThrow());
      assertThat(found.health()).isEqualTo(health);
      assertThat(foundJudged.health()).isEqualTo(health);
    }
  }

  @Test
  default void saving_health_keeps_nothing_but_health() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Webhook outdated =
        Scene.withHealth(webhook, new Health.Active(4))
            .rotated(SigningSecret.parse("not to be kept"), scene.now(), Duration.ofHours(1));
    Webhook edited =
        new Webhook(
            outdated.id(),
            outdated.stack(),
            WebhookSettings.of(scene.newEndpoint()),
            outdated.revision() + 1,
            outdated.keys(),
            outdated.health(),
            outdated.createdAt().plusSeconds(1),
            outdated.updatedAt().plusSeconds(1));

    transactor()
        .run(unit -> {
          unit.webhooks().lockToJudge(Set.of(webhook.id()), Set.of());
          unit.webhooks().saveHealth(List.of(edited));
        });

    Webhook found =
        scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).orElseThrow());
    assertThat(found).isEqualTo(Scene.withHealth(webhook, new Health.Active(4)));
  }

  @Test
  default void those_that_failed_are_locked_to_judge_and_of_the_successful_only_the_imperfect() {
    Scene scene = Scene.on(transactor());
    Webhook perfectFailed = scene.webhook();
    Webhook brokenFailed = scene.webhook(new Health.Active(2));
    Webhook perfectSuccessful = scene.webhook();
    Webhook shakySuccessful = scene.webhook(new Health.Active(1));
    Webhook pausedSuccessful =
        scene.webhook(new Health.Paused(scene.now(), 10, scene.now().plusSeconds(60), "a timeout"));
    WebhookId deleted = new WebhookId(new UUID(0x7000, 1L << 63));

    List<Webhook> locked =
        scene.in(unit ->
            unit.webhooks()
                .lockToJudge(
                    Set.of(perfectFailed.id(), brokenFailed.id(), deleted),
                    Set.of(perfectSuccessful.id(), shakySuccessful.id(), pausedSuccessful.id())));

    assertThat(locked)
        .containsExactlyInAnyOrder(perfectFailed, brokenFailed, shakySuccessful, pausedSuccessful);
  }

  @Test
  default void a_webhook_that_failed_and_succeeded_is_locked_once() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook(new Health.Active(1));

    List<Webhook> locked =
        scene.in(unit -> unit.webhooks().lockToJudge(Set.of(webhook.id()), Set.of(webhook.id())));

    assertThat(locked).containsExactly(webhook);
  }

  @Test
  default void failures_judged_at_the_same_time_all_count() throws InterruptedException {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();

    Together.run(
        4,
        () -> {
          for (int i = 0; i < 10; i++) {
            transactor()
                .run(unit -> {
                  Webhook found =
                      unit.webhooks().lockToJudge(Set.of(webhook.id()), Set.of()).getFirst();
                  int failures = found.health().consecutiveFailures() + 1;
                  unit.webhooks()
                      .saveHealth(List.of(Scene.withHealth(found, new Health.Active(failures))));
                });
          }
        });

    Webhook found =
        scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).orElseThrow());
    assertThat(found.health()).isEqualTo(new Health.Active(40));
  }
}
