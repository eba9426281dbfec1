package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a replay selects: by run, by state, since the last success, or what was skipped.
class ReplaySelectionTest {
  private static final Outcome OK = Outcome.Responded.of(200);

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  private final Webhook webhook = app.createWebhookWithoutRetries(1);

  private static ReplayRequest request(
      Replay.Status status, Optional<String> run, Optional<RunState> state) {
    return new ReplayRequest(
        Optional.of(Instant.EPOCH), Optional.empty(), false, status, run, state);
  }

  private ReplayProgress replay(ReplayRequest request) {
    return app.deliveries.replays().create(Samples.DEMO, webhook.id(), request, ADA);
  }

  @Test
  void a_replay_of_a_run_or_a_state_leaves_the_others_out() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId one = app.startRun("run-1");
    RunId two = app.startRun("run-2");
    app.record(one, RunState.READY);
    app.record(two, RunState.READY);
    app.respondWith(webhook, OK);
    int before = app.sentStates(webhook).size();

    ReplayProgress both =
        replay(request(Replay.Status.FAILED, Optional.of("run-1"), Optional.of(RunState.READY)));
    ReplayProgress ofState =
        replay(request(Replay.Status.FAILED, Optional.empty(), Optional.of(RunState.QUEUED)));

    assertThat(both.created()).isEqualTo(1);
    assertThat(ofState.created()).isEqualTo(2);
    assertThat(app.sentStates(webhook).subList(before, before + 3))
        .containsExactly("READY", "QUEUED", "QUEUED");
  }

  @Test
  void a_replay_of_a_run_needs_no_time() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.startRun("run-2");

    ReplayProgress replay =
        replay(
            new ReplayRequest(
                Optional.empty(),
                Optional.empty(),
                false,
                Replay.Status.FAILED,
                Optional.of("run-2"),
                Optional.empty()));

    assertThat(replay.created()).isEqualTo(1);
    assertThat(replay.replay().selection().from()).isEqualTo(webhook.createdAt());
    assertThat(app.latestDeliveryOf(webhook).transition().orElseThrow().run()).isEqualTo("run-2");
    assertThat(
            refusalOf(
                () -> replay(request(Replay.Status.FAILED, Optional.of("none"), Optional.empty()))))
        .isEqualTo(new Refusal.NoSuchRun("none"));
  }

  @Test
  void a_replay_since_the_last_success_begins_with_its_creation() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.respondWith(webhook, OK);
    app.advance(Duration.ofMinutes(1));
    app.startRun("run-2");
    Instant success = app.latestDeliveryOf(webhook).createdAt();
    app.respondWith(webhook, SERVER_ERROR);
    app.advance(Duration.ofMinutes(1));
    app.startRun("run-3");
    app.respondWith(webhook, OK);
    app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);

    ReplayRequest request = sinceLastSuccess(Replay.Status.FAILED);
    ReplayProgress replay = replay(request);
    ReplayProgress again = replay(request);

    assertThat(replay.replay().selection().from()).isEqualTo(success);
    assertThat(replay.created()).isEqualTo(1);
    assertThat(app.latestDeliveryOf(webhook).transition().orElseThrow().run()).isEqualTo("run-3");
    assertThat(again.replay().selection().from()).isEqualTo(success);
    assertThat(again.created()).isZero();
  }

  private static ReplayRequest sinceLastSuccess(Replay.Status status) {
    return new ReplayRequest(
        Optional.empty(), Optional.empty(), true, status, Optional.empty(), Optional.empty());
  }

  @Test
  void without_a_success_a_replay_begins_with_the_webhook() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");

    ReplayProgress replay = replay(sinceLastSuccess(Replay.Status.FAILED));

    assertThat(replay.created()).isEqualTo(1);
    assertThat(replay.replay().selection().from()).isEqualTo(webhook.createdAt());
  }

  @Test
  void events_that_were_skipped_are_delivered_late_only_on_request() {
    setEnabled(false);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    setEnabled(true);
    app.record(run, RunState.PREPARING);

    ReplayProgress failures =
        replay(request(Replay.Status.FAILED, Optional.empty(), Optional.empty()));
    ReplayRequest request = request(Replay.Status.SKIPPED, Optional.empty(), Optional.empty());
    ReplayPreview preview = app.deliveries.replays().preview(Samples.DEMO, webhook.id(), request);
    ReplayProgress late = replay(request);
    app.dispatcher.poll();
    app.dispatcher.poll();
    ReplayProgress again = replay(request);

    assertThat(failures.replay().matched()).isZero();
    assertThat(preview).isEqualTo(new ReplayPreview(2, 0, 2));
    assertThat(late.created()).isEqualTo(2);
    assertThat(app.sentStates(webhook)).containsExactly("PREPARING", "QUEUED", "READY");
    assertThat(app.deliveriesOf(webhook))
        .allSatisfy(delivery -> assertThat(delivery.redeliveryOf()).isEmpty())
        .extracting(Delivery::status)
        .containsOnly(Delivery.Status.DELIVERED);
    assertThat(again.replay().matched()).isZero();
    assertThat(
            app.deliveries
                .explain(run, PageRequest.first())
                .transitions()
                .items()
                .getLast()
                .webhooks()
                .getFirst()
                .delivery())
        .isPresent();
  }

  @Test
  void a_skipped_event_whose_payload_was_erased_is_counted_and_not_sent() {
    setEnabled(false);
    app.startRun("run-1");
    RunId erased = app.startRun("run-2");
    new PayloadErasure(app.store, app.ids).erase(erased, ADA);
    setEnabled(true);
    ReplayRequest request = request(Replay.Status.SKIPPED, Optional.empty(), Optional.empty());

    ReplayPreview preview = app.deliveries.replays().preview(Samples.DEMO, webhook.id(), request);
    ReplayProgress replay = replay(request);

    assertThat(preview).isEqualTo(new ReplayPreview(2, 1, 1));
    assertThat(replay.replay().matched()).isEqualTo(2);
    assertThat(replay.replay().erased()).isEqualTo(1);
    assertThat(replay.created()).isEqualTo(1);
  }

  private void setEnabled(boolean enabled) {
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(enabled), ADA);
  }

  @Test
  void a_request_has_exactly_one_beginning() {
    assertThatThrownBy(() ->
            new ReplayRequest(
                Optional.of(Instant.EPOCH),
                Optional.empty(),
                true,
                Replay.Status.FAILED,
                Optional.empty(),
                Optional.empty()))
        .hasMessage("from and sinceLastSuccess exclude each other");
    assertThatThrownBy(() ->
            new ReplayRequest(
                Optional.empty(),
                Optional.empty(),
                false,
                Replay.Status.SKIPPED,
                Optional.empty(),
                Optional.of(RunState.FAILED)))
        .hasMessage("from, sinceLastSuccess or run is required");
  }
}
