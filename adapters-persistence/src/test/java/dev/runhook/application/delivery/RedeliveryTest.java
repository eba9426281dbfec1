package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RedeliveryTest {
  private static final StackScope ALL = new StackScope.All();
  private static final Outcome OK = Outcome.Responded.of(200);

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  private final Webhook webhook = app.createWebhookWithoutRetries(1);

  @Test
  void a_redelivery_sends_the_same_event_and_bytes_and_names_the_original() {
    app.startRun("run-1");
    Delivery first = app.latestDeliveryOf(webhook);

    Delivery redelivery = app.deliveries.redeliver(Samples.ACME, ALL, first.id(), ADA);

    SignedRequest sent = app.transport.requests().getFirst();
    SignedRequest repeated = app.transport.requests().getLast();
    assertThat(redelivery.id()).isNotEqualTo(first.id());
    assertThat(redelivery.event()).isEqualTo(first.event());
    assertThat(redelivery.transition()).isEqualTo(first.transition());
    assertThat(redelivery.redeliveryOf()).contains(first.id());
    assertThat(repeated.payload()).isEqualTo(sent.payload());
    assertThat(repeated.headers())
        .contains(
            new Header("X-Runhook-Delivery", redelivery.id().toString()),
            new Header("X-Runhook-Redelivery-Of", first.id().toString()),
            new Header("webhook-id", first.event().toString()));
    assertThat(sent.headers()).extracting(Header::name).doesNotContain("X-Runhook-Redelivery-Of");
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void a_ping_can_be_redelivered() {
    Delivery ping = app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);

    app.deliveries.redeliver(Samples.ACME, ALL, ping.id(), ADA);

    assertThat(app.transport.requests()).hasSize(2);
  }

  @Test
  void a_redelivery_waits_for_its_lane() {
    Webhook retrying = app.createWebhook(2);
    app.respondWith(retrying, OK);
    RunId run = app.startRun("run-1");
    Delivery first = app.latestDeliveryOf(retrying);
    app.transport.enqueue(retrying.settings().endpoint(), SERVER_ERROR);
    app.record(run, RunState.READY);

    app.deliveries.redeliver(Samples.ACME, ALL, first.id(), ADA);
    List<String> before = app.sentStates(retrying);
    app.advance(Duration.ofMinutes(2));
    app.advance(Duration.ofMinutes(2));

    assertThat(before).containsExactly("QUEUED", "READY");
    assertThat(app.sentStates(retrying)).containsExactly("QUEUED", "READY", "READY", "QUEUED");
  }

  @Test
  void a_failed_redelivery_counts_against_the_health_of_its_webhook() {
    app.startRun("run-1");
    app.respondWith(webhook, SERVER_ERROR);

    app.deliveries.redeliver(Samples.ACME, ALL, app.latestDeliveryOf(webhook).id(), ADA);

    assertThat(app.reload(webhook).health().consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void unknown_and_out_of_scope_deliveries_are_not_redelivered() {
    app.startRun("run-1");
    DeliveryId id = app.latestDeliveryOf(webhook).id();
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));
    StackScope otherScope = new StackScope.Only(Set.of("net"));

    assertThat(refusalOf(() -> app.deliveries.redeliver(Samples.ACME, ALL, none, ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(refusalOf(() -> app.deliveries.redeliver(Samples.ACME, otherScope, id, ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(refusalOf(() -> app.deliveries.redeliver(new AccountId("other"), ALL, id, ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(app.transport.requests()).hasSize(1);
  }

  @Test
  void nothing_is_redelivered_to_a_disabled_webhook() {
    app.startRun("run-1");
    DeliveryId id = app.latestDeliveryOf(webhook).id();
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    Refusal disabled = new Refusal.WebhookDisabled("disabled by Ada");

    assertThat(refusalOf(() -> app.deliveries.redeliver(Samples.ACME, ALL, id, ADA)))
        .isEqualTo(disabled);
    assertThat(refusalOf(() -> replay(Replay.Status.DELIVERED))).isEqualTo(disabled);
    assertThat(app.transport.requests()).hasSize(1);
  }

  @Test
  void a_replay_redelivers_failures_in_the_order_of_each_run() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId one = app.startRun("run-1");
    app.startRun("run-2");
    app.record(one, RunState.READY, RunState.PREPARING);
    app.respondWith(webhook, OK);
    app.record(one, RunState.INITIALIZING);
    int before = app.transport.requests().size();

    String replayResult = replay(Replay.Status.FAILED);

    List<SignedRequest> redelivered =
        app.transport.requests().subList(before, app.transport.requests().size());
    assertThat(replayResult).isEqualTo("4 matched, 4 created");
    assertThat(redelivered)
        .extracting(request -> request.payload().text())
        .filteredOn(text -> text.contains("run-1"))
        .satisfiesExactly(
            text -> assertThat(text).contains("QUEUED"),
            text -> assertThat(text).contains("READY"),
            text -> assertThat(text).contains("PREPARING"));
    assertThat(redelivered).hasSize(4);
  }

  @Test
  void a_preview_counts_what_a_replay_creates_and_sends_nothing() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    RunId erased = app.startRun("run-2");
    new PayloadErasure(app.store, app.ids).erase(erased, ADA);

    ReplayPreview preview =
        app.deliveries
            .replays()
            .preview(
                Samples.DEMO,
                webhook.id(),
                ReplayRequest.since(Instant.EPOCH, Replay.Status.FAILED));
    int sentBefore = app.transport.requests().size();
    String replayed = replay(Replay.Status.FAILED);

    assertThat(preview).isEqualTo(new ReplayPreview(2, 1, 1));
    assertThat(sentBefore).isEqualTo(2);
    assertThat(replayed).isEqualTo("2 matched, 1 created");
  }

  @Test
  void a_replay_may_be_one_percent_larger_than_expected() {
    for (int i = 0; i < 101; i++) {
      app.startRun("run-" + i);
    }
    ReplayRequest request = ReplayRequest.since(Instant.EPOCH, Replay.Status.DELIVERED);

    Refusal refusal =
        refusalOf(
            () -> app.deliveries.replays().create(Samples.DEMO, webhook.id(), request, 99, ADA));
    ReplayProgress done =
        app.deliveries.replays().create(Samples.DEMO, webhook.id(), request, 100, ADA);

    assertThat(refusal).isEqualTo(new Refusal.ReplayLargerThanExpected(99, 101));
    assertThat(done.created()).isEqualTo(101);
    assertThat(
            app.deliveries.replays().list(Samples.DEMO, webhook.id(), PageRequest.first()).items())
        .hasSize(1);
  }

  @Test
  void a_replay_skips_events_with_an_open_delivery() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.startRun("run-2");
    app.webhooks.update(
        Samples.DEMO,
        webhook.id(),
        UpdateWebhookRequest.empty().with(WebhookSetting.RETRY_SCHEDULE, Optional.empty()),
        ADA);

    String first = replay(Replay.Status.FAILED);
    String second = replay(Replay.Status.FAILED);

    assertThat(first).isEqualTo("2 matched, 2 created");
    assertThat(second).isEqualTo("2 matched, 0 created");
  }

  @Test
  void a_failure_is_not_replayed_again_after_its_redelivery_succeeded() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.respondWith(webhook, OK);

    String first = replay(Replay.Status.FAILED);
    String second = replay(Replay.Status.FAILED);

    assertThat(first).isEqualTo("1 matched, 1 created");
    assertThat(second).isEqualTo("0 matched, 0 created");
    assertThat(app.transport.requests()).hasSize(2);
  }

  @Test
  void a_large_replay_runs_in_batches_and_skips_nothing() {
    for (int i = 0; i < 600; i++) {
      app.startRun("run-" + i);
    }

    String replayResult = replay(Replay.Status.DELIVERED);
    for (int i = 0; i < 20; i++) {
      app.dispatcher.poll();
    }

    assertThat(replayResult).isEqualTo("600 matched, 600 created");
    assertThat(app.transport.requests()).hasSize(1200);
  }

  private String replay(Replay.Status status) {
    ReplayProgress replay =
        app.deliveries
            .replays()
            .create(Samples.DEMO, webhook.id(), ReplayRequest.since(Instant.EPOCH, status), ADA);
    return replay.replay().matched() + " matched, " + replay.created() + " created";
  }

  @Test
  void a_replay_shows_the_status_of_its_deliveries() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.startRun("run-2");

    ReplayProgress started =
        app.deliveries
            .replays()
            .create(
                Samples.DEMO,
                webhook.id(),
                ReplayRequest.since(Instant.EPOCH, Replay.Status.FAILED),
                ADA);
    app.advance(Duration.ofDays(2));

    ReplayId id = started.replay().id();
    ReplayProgress ended = app.deliveries.replays().get(Samples.DEMO, webhook.id(), id);
    assertThat(started.created()).isEqualTo(2);
    assertThat(started.completedAt()).isPresent();
    assertThat(ended.failed()).isEqualTo(2);
    assertThat(
            app.deliveries.replays().list(Samples.DEMO, webhook.id(), PageRequest.first()).items())
        .containsExactly(ended);
  }
}
