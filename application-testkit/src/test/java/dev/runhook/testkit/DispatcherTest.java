package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.Round;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.NewSecret;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private final World world = new World();

  @Test
  void what_was_just_recorded_goes_out_without_a_round() {
    Webhook webhook = world.webhook(1);

    world.start("run-1");

    Delivery delivery = world.latestOf(webhook);
    assertThat(delivery.status()).isEqualTo(Status.DELIVERED);
    assertThat(delivery.attempts()).isEqualTo(1);
    assertThat(delivery.deliveredAt()).contains(world.clock.instant());
    assertThat(world.dispatcher.round().claimed()).isZero();
  }

  @Test
  void a_request_carries_the_events_bytes_and_all_headers() {
    Header own = new Header("X-Api-Key", "abc");
    Webhook webhook =
        world.webhook(
            new WebhookDraft(
                Samples.endpoint(1).text(),
                Optional.of(Samples.secret()),
                true,
                "",
                Subscription.all(),
                new CustomHeaders(List.of(own)),
                Pace.usual()));

    world.start("run-1");

    SignedRequest request = world.transport.requests().getFirst();
    Delivery delivery = world.latestOf(webhook);
    Payload body = Payload.of("{\"run\":\"run-1\",\"state\":\"QUEUED\",\"stateVersion\":1}");
    assertThat(request.payload()).isEqualTo(body);
    assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(request.headers())
        .contains(
            own,
            new Header("Content-Type", "application/json"),
            new Header("User-Agent", "Runhook/test"),
            new Header("X-Runhook-Event", "run_state_changed"),
            new Header("X-Runhook-Delivery", delivery.id().toString()),
            new Header("X-Runhook-Attempt", "1"))
        .containsAll(
            new Signatures(true)
                .sign(
                    webhook.keys(),
                    delivery.event().toString(),
                    world.clock.instant(),
                    body.bytes()));
  }

  @Test
  void during_an_overlap_both_secrets_sign() {
    Webhook webhook = world.webhook(1);
    world.webhooks.regenerateSecret(
        Samples.DEMO,
        webhook.id(),
        new NewSecret(Optional.of(SigningSecret.parse("new")), Duration.ofHours(1)),
        World.ADA);

    world.start("run-1");
    world.clock.advance(Duration.ofHours(2));
    world.start("run-2");

    assertThat(signatures(0)).hasSize(2);
    assertThat(signatures(1)).hasSize(1);
  }

  @Test
  void a_failed_delivery_is_retried_by_the_schedule_and_then_given_up() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, World.ERROR);

    world.start("run-1");
    world.pass(Duration.ofSeconds(3));
    int tooSoon = world.told(webhook).size();
    world.pass(Duration.ofSeconds(3));
    world.pass(Duration.ofSeconds(36));
    world.pass(Duration.ofSeconds(144));
    world.pass(Duration.ofDays(1));

    assertThat(tooSoon).isEqualTo(1);
    assertThat(world.told(webhook)).hasSize(4);
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.FAILED);
    assertThat(world.latestOf(webhook).attempts()).isEqualTo(4);
  }

  @Test
  void every_attempt_has_the_same_ids_and_bytes_and_its_own_number_and_time() {
    Webhook webhook = world.webhook(1);
    world.transport.next(webhook.settings().endpoint(), World.ERROR);

    world.start("run-1");
    world.pass(Duration.ofSeconds(6));

    SignedRequest first = world.transport.requests().get(0);
    SignedRequest second = world.transport.requests().get(1);
    assertThat(second.payload()).isEqualTo(first.payload());
    assertThat(header(second, "X-Runhook-Delivery")).isEqualTo(header(first, "X-Runhook-Delivery"));
    assertThat(header(second, "webhook-id")).isEqualTo(header(first, "webhook-id"));
    assertThat(header(second, "X-Signature-256")).isEqualTo(header(first, "X-Signature-256"));
    assertThat(List.of(header(first, "X-Runhook-Attempt"), header(second, "X-Runhook-Attempt")))
        .containsExactly("1", "2");
    assertThat(Long.parseLong(header(second, "webhook-timestamp")))
        .isEqualTo(Long.parseLong(header(first, "webhook-timestamp")) + 6);
  }

  @Test
  void a_redirect_is_a_failure() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, Outcome.Answered.of(302));

    world.start("run-1");

    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.PENDING);
    assertThat(world.observations.attempted)
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.REJECTED);
  }

  @Test
  void a_receiver_that_asks_to_wait_is_left_alone_that_long() {
    Webhook webhook = world.webhook(1);
    Outcome busy =
        new Outcome.Answered(
            Outcome.Answered.of(503).answer(), Optional.of(Duration.ofMinutes(30)));
    world.transport.next(webhook.settings().endpoint(), busy);

    world.start("run-1");
    world.pass(Duration.ofMinutes(29));
    int tooSoon = world.told(webhook).size();
    world.pass(Duration.ofMinutes(1));

    assertThat(tooSoon).isEqualTo(1);
    assertThat(world.told(webhook)).hasSize(2);
  }

  @Test
  void a_bug_of_ours_uses_up_an_attempt_and_is_seen_and_does_not_count_against_the_receiver() {
    Webhook webhook = world.webhook(1);
    world.transport.next(
        webhook.settings().endpoint(),
        _ -> {
          throw new ArithmeticException("a bug");
        });

    world.start("run-1");
    Health afterTheBug = world.now(webhook).health();
    world.pass(Duration.ofSeconds(6));

    assertThat(world.observations.troubles).hasSize(1);
    assertThat(afterTheBug).isEqualTo(Health.healthy());
    assertThat(world.deliveries.find(Samples.ACME, world.latestOf(webhook).id()).attempts())
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.INTERNAL_ERROR, Outcome.Code.DELIVERED);
  }

  @Test
  void
      an_attempt_of_a_sender_that_died_is_kept_as_interrupted_and_made_again_when_its_lease_ends() {
    Webhook webhook = world.webhook(1);
    world
        .journal(Intake.none(), Runnable::run)
        .start(Samples.start(new RunId(Samples.DEMO, "run-1")));
    claimAsAnother();

    int duringTheLease = world.dispatcher.round().claimed();
    world.pass(World.RULES.lease());

    assertThat(duringTheLease).isZero();
    assertThat(header(world.transport.requests().getFirst(), "X-Runhook-Attempt")).isEqualTo("2");
    assertThat(world.deliveries.find(Samples.ACME, world.latestOf(webhook).id()).attempts())
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.INTERNAL_ERROR, Outcome.Code.DELIVERED);
  }

  @Test
  void an_answer_that_comes_after_the_lease_was_taken_over_changes_nothing() {
    Webhook webhook = world.webhook(1);
    world.transport.next(
        webhook.settings().endpoint(),
        _ -> {
          world.clock.advance(World.RULES.lease());
          claimAsAnother();
          return Outcome.Answered.of(200);
        });

    world.start("run-1");

    assertThat(world.observations.tooLate).hasSize(1);
    assertThat(world.observations.attempted).isEmpty();
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.PENDING);
    assertThat(world.latestOf(webhook).attempts()).isEqualTo(2);
  }

  @Test
  void a_round_tells_how_long_there_is_nothing_to_do() {
    Webhook webhook = world.webhook(1);
    Round idle = world.dispatcher.round();
    world.answers(webhook, World.ERROR);
    world.start("run-1");

    Round waiting = world.dispatcher.round();

    assertThat(idle).isEqualTo(new Round(0, false, Optional.empty()));
    assertThat(waiting.untilNextDue().orElseThrow())
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
  }

  private List<Parcel> claimAsAnother() {
    return world.store.inTransaction(
        unit -> unit.deliveries().claimDue(new Claim(World.RULES.lease(), 10, 10, Map.of())));
  }

  private List<String> signatures(int request) {
    return List.of(
        header(world.transport.requests().get(request), "webhook-signature").split(" ", -1));
  }

  private static String header(SignedRequest request, String name) {
    return request.headers().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
