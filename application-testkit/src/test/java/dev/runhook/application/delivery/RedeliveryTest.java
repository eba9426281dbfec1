package dev.runhook.application.delivery;

import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.DeliverySettingsPatch;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What was sent is sent once more, and by the way of what is new.
class RedeliveryTest {
  private static final StackScope ALL = new StackScope.All();
  private static final Outcome OK = Outcome.Responded.of(200);

  private final ApplicationFixture applicationFixture = new ApplicationFixture();

  /// It never retries, so that what fails has failed.
  private final Webhook webhook =
      applicationFixture.createWebhook(
          NewWebhook.of(Samples.endpoint(1).text())
              .delivery(new DeliverySettings(Optional.empty(), Optional.of(List.of()))));

  @Test
  void a_redelivery_sends_the_same_bytes_of_the_same_event_and_names_what_it_repeats() {
    applicationFixture.startRun("run-1");
    Delivery first = applicationFixture.latestDeliveryOf(webhook);

    Delivery again =
        applicationFixture.deliveries.redeliver(
            Samples.ACME, ALL, first.id(), ApplicationFixture.ADA);

    SignedRequest sent = applicationFixture.transport.requests().getFirst();
    SignedRequest repeated = applicationFixture.transport.requests().getLast();
    assertThat(again.id()).isNotEqualTo(first.id());
    assertThat(again.event()).isEqualTo(first.event());
    assertThat(again.transition()).isEqualTo(first.transition());
    assertThat(again.redeliveryOf()).contains(first.id());
    assertThat(repeated.payload()).isEqualTo(sent.payload());
    assertThat(repeated.headers())
        .contains(
            new Header("X-Runhook-Delivery", again.id().toString()),
            new Header("X-Runhook-Redelivery-Of", first.id().toString()),
            new Header("webhook-id", first.event().toString()));
    assertThat(sent.headers()).extracting(Header::name).doesNotContain("X-Runhook-Redelivery-Of");
    assertThat(applicationFixture.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void a_ping_can_be_redelivered() {
    Delivery ping =
        applicationFixture.deliveries.ping(Samples.DEMO, webhook.id(), ApplicationFixture.ADA);

    applicationFixture.deliveries.redeliver(Samples.ACME, ALL, ping.id(), ApplicationFixture.ADA);

    assertThat(applicationFixture.transport.requests()).hasSize(2);
  }

  @Test
  void a_redelivery_waits_for_its_lane() {
    Webhook patient = applicationFixture.createWebhook(2);
    applicationFixture.respondWith(patient, OK);
    RunId run = applicationFixture.startRun("run-1");
    Delivery first = applicationFixture.latestDeliveryOf(patient);
    applicationFixture.transport.enqueue(
        patient.settings().endpoint(), ApplicationFixture.SERVER_ERROR);
    applicationFixture.record(run, RunState.READY);

    applicationFixture.deliveries.redeliver(Samples.ACME, ALL, first.id(), ApplicationFixture.ADA);
    List<String> before = applicationFixture.sentStates(patient);
    applicationFixture.advance(Duration.ofMinutes(2));
    applicationFixture.advance(Duration.ofMinutes(2));

    assertThat(before).containsExactly("QUEUED", "READY");
    assertThat(applicationFixture.sentStates(patient))
        .containsExactly("QUEUED", "READY", "READY", "QUEUED");
  }

  @Test
  void a_failed_redelivery_counts_for_the_health_of_its_webhook() {
    applicationFixture.startRun("run-1");
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);

    applicationFixture.deliveries.redeliver(
        Samples.ACME,
        ALL,
        applicationFixture.latestDeliveryOf(webhook).id(),
        ApplicationFixture.ADA);

    assertThat(applicationFixture.reload(webhook).health().consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void what_is_not_there_or_out_of_reach_is_not_redelivered() {
    applicationFixture.startRun("run-1");
    DeliveryId id = applicationFixture.latestDeliveryOf(webhook).id();
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));
    StackScope elsewhere = new StackScope.Only(Set.of("net"));

    assertThat(
            refusalOf(() ->
                applicationFixture.deliveries.redeliver(
                    Samples.ACME, ALL, none, ApplicationFixture.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(
            refusalOf(() ->
                applicationFixture.deliveries.redeliver(
                    Samples.ACME, elsewhere, id, ApplicationFixture.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(
            refusalOf(() ->
                applicationFixture.deliveries.redeliver(
                    new AccountId("other"), ALL, id, ApplicationFixture.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(applicationFixture.transport.requests()).hasSize(1);
  }

  @Test
  void nothing_is_repeated_to_a_disabled_webhook() {
    applicationFixture.startRun("run-1");
    DeliveryId id = applicationFixture.latestDeliveryOf(webhook).id();
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(false), ApplicationFixture.ADA);
    Refusal disabled = new Refusal.WebhookDisabled("disabled by Ada");

    assertThat(
            refusalOf(() ->
                applicationFixture.deliveries.redeliver(
                    Samples.ACME, ALL, id, ApplicationFixture.ADA)))
        .isEqualTo(disabled);
    assertThat(refusalOf(() -> replay(Status.DELIVERED))).isEqualTo(disabled);
    assertThat(applicationFixture.transport.requests()).hasSize(1);
  }

  @Test
  void a_replay_repeats_what_failed_in_the_order_of_each_run() {
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    RunId one = applicationFixture.startRun("run-1");
    applicationFixture.startRun("run-2");
    applicationFixture.record(one, RunState.READY, RunState.PREPARING);
    applicationFixture.respondWith(webhook, OK);
    applicationFixture.record(one, RunState.INITIALIZING);
    int before = applicationFixture.transport.requests().size();

    ReplayResult replayResult = replay(Status.FAILED);

    List<SignedRequest> again =
        applicationFixture
            .transport
            .requests()
            .subList(before, applicationFixture.transport.requests().size());
    assertThat(replayResult).isEqualTo(new ReplayResult(4, 4));
    assertThat(again)
        .extracting(request -> request.payload().text())
        .filteredOn(text -> text.contains("run-1"))
        .satisfiesExactly(
            text -> assertThat(text).contains("QUEUED"),
            text -> assertThat(text).contains("READY"),
            text -> assertThat(text).contains("PREPARING"));
    assertThat(again).hasSize(4);
  }

  @Test
  void a_dry_run_counts_and_sends_nothing() {
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    applicationFixture.startRun("run-1");

    ReplayResult replayResult =
        applicationFixture.deliveries.replay(
            Samples.DEMO,
            webhook.id(),
            new ReplayRequest(Instant.EPOCH, Optional.empty(), Status.FAILED, true),
            ApplicationFixture.ADA);

    assertThat(replayResult).isEqualTo(new ReplayResult(1, 0));
    assertThat(applicationFixture.transport.requests()).hasSize(1);
  }

  @Test
  void what_is_on_its_way_already_is_not_replayed_again() {
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    applicationFixture.startRun("run-1");
    applicationFixture.startRun("run-2");
    applicationFixture.webhooks.update(
        Samples.DEMO,
        webhook.id(),
        WebhookPatch.empty()
            .delivery(
                new DeliverySettingsPatch(
                    Optional.empty(),
                    Optional.of(new DeliverySettingsPatch.PatchValue<>(Optional.empty())))),
        ApplicationFixture.ADA);

    ReplayResult first = replay(Status.FAILED);
    ReplayResult second = replay(Status.FAILED);

    assertThat(first).isEqualTo(new ReplayResult(2, 2));
    assertThat(second).isEqualTo(new ReplayResult(2, 0));
  }

  @Test
  void a_replay_of_many_goes_in_parts_and_leaves_none_out() {
    for (int i = 0; i < 600; i++) {
      applicationFixture.startRun("run-" + i);
    }

    ReplayResult replayResult = replay(Status.DELIVERED);
    for (int i = 0; i < 20; i++) {
      applicationFixture.dispatcher.poll();
    }

    assertThat(replayResult).isEqualTo(new ReplayResult(600, 600));
    assertThat(applicationFixture.transport.requests()).hasSize(1200);
  }

  private ReplayResult replay(Status status) {
    return applicationFixture.deliveries.replay(
        Samples.DEMO,
        webhook.id(),
        new ReplayRequest(Instant.EPOCH, Optional.empty(), status, false),
        ApplicationFixture.ADA);
  }
}
