package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.delivery.DeliveryStory;
import dev.runhook.application.webhook.NewSecret;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A webhook whose secret the store cannot open.
class UnreadableSecretTest {
  private static final String WHY = "the secret cannot be decrypted, for this reason";

  private final World world = new World();
  private final Webhook lost = world.webhook(1);
  private final Webhook well = world.webhook(2);

  UnreadableSecretTest() {
    save(SigningSecret.unreadable(WHY));
  }

  @Test
  void gets_nothing_while_the_others_go_on() {
    world.start("run-1");

    assertThat(world.told(lost)).isEmpty();
    assertThat(world.told(well)).containsExactly("QUEUED");
    assertThat(world.now(lost).health()).isEqualTo(Health.healthy());
  }

  @Test
  void has_a_failure_that_tells_why_and_no_signature_to_show() {
    world.start("run-1");

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(lost).id());

    assertThat(story.attempts())
        .singleElement()
        .satisfies(attempt -> {
          assertThat(attempt.outcome().code()).isEqualTo(Outcome.Code.INTERNAL_ERROR);
          assertThat(attempt.outcome().error()).contains(WHY);
        });
    assertThat(story.request().headers())
        .extracting(Header::name)
        .contains("X-Runhook-Delivery")
        .doesNotContain("X-Signature", "X-Signature-256", "webhook-signature");
    assertThat(world.observations.troubles).isEmpty();
  }

  @Test
  void gets_what_waited_once_the_secret_can_be_read_again() {
    world.start("run-1");
    save(SigningSecret.parse("found again"));

    world.pass(Duration.ofSeconds(6));

    assertThat(world.told(lost)).containsExactly("QUEUED");
    assertThat(world.latestOf(lost).status()).isEqualTo(Delivery.Status.DELIVERED);
  }

  @Test
  void can_be_given_another_secret_and_the_lost_one_ends_at_once() {
    NewSecret next =
        new NewSecret(Optional.of(SigningSecret.parse("another")), Duration.ofHours(24));

    Webhook mended = world.webhooks.regenerateSecret(Samples.DEMO, lost.id(), next, World.ADA);

    assertThat(mended.keys()).isEqualTo(SigningKeys.of(SigningSecret.parse("another")));
    world.start("run-1");
    assertThat(world.told(lost)).containsExactly("QUEUED");
  }

  @Test
  void can_be_deleted() {
    world.webhooks.delete(Samples.DEMO, lost.id(), World.ADA);

    assertThat(world.webhooks.find(Samples.DEMO, well.id())).isEqualTo(well);
  }

  @Test
  void gives_nothing_away_in_place_of_the_secret() {
    SigningSecret secret = SigningSecret.unreadable(WHY);

    assertThatThrownBy(secret::reveal)
        .isInstanceOf(SecretUnreadableException.class)
        .hasMessage(WHY);
    assertThatThrownBy(secret::standardForm).isInstanceOf(SecretUnreadableException.class);
    assertThat(secret).isNotEqualTo(SigningSecret.parse(WHY)).hasToString("(secret)");
  }

  private void save(SigningSecret secret) {
    world.store.run(unit -> {
      Webhook found = unit.webhooks().findForUpdate(Samples.DEMO, lost.id()).orElseThrow();
      unit.webhooks()
          .save(
              new Webhook(
                  found.id(),
                  found.stack(),
                  found.settings(),
                  found.revision(),
                  SigningKeys.of(secret),
                  found.health(),
                  found.createdAt(),
                  found.updatedAt()));
    });
  }
}
