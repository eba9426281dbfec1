package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.DeliveryDetails.RequestView;
import dev.runhook.application.delivery.DeliveryDetails.RequestView.Source;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryAdminTest {
  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void the_details_of_a_delivery_come_from_one_snapshot() {
    app.startRun("run-1");
    Transactor snapshotsOnly =
        new Transactor() {
          @Override
          public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
            throw new IllegalStateException("each statement may see another state");
          }

          @Override
          public <T extends @Nullable Object> T inSnapshot(Function<UnitOfWork, T> work) {
            return app.store.<T>inTransaction(work);
          }
        };

    DeliveryAdmin deliveries =
        new DeliveryAdmin(snapshotsOnly, app.deliveryDependencies(), DispatchHandoff.none());

    Delivery latest = app.latestDeliveryOf(webhook);
    assertThat(deliveries.get(Samples.ACME, latest.id()).attempts()).hasSize(1);
    RunExplanation explained =
        deliveries.explain(new RunId(Samples.DEMO, "run-1"), PageRequest.first());
    assertThat(explained.transitions().items()).hasSize(1);
  }

  @Test
  void a_ping_is_sent_like_any_event() {
    Delivery ping = app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);

    SignedRequest request = app.transport.requests().getFirst();
    assertThat(ping.kind()).isEqualTo(Kind.PING);
    assertThat(ping.transition()).isEmpty();
    assertThat(request.payload().text())
        .contains("\"event\":\"ping\"")
        .contains(webhook.id().toString());
    assertThat(request.headers())
        .contains(
            new Header("X-Runhook-Event", "ping"),
            new Header("X-Runhook-Delivery", ping.id().toString()),
            new Header("webhook-id", ping.event().toString()));
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void delivery_details_say_whether_there_are_earlier_attempts() {
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");
    app.advance(Duration.ofSeconds(6));

    DeliveryDetails all = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    DeliveryDetails latest =
        new DeliveryDetails(
            all.stack(),
            all.delivery(),
            all.request(),
            all.attempts().subList(1, 2),
            all.explanation());
    assertThat(all.hasEarlierAttempts()).isFalse();
    assertThat(latest.hasEarlierAttempts()).isTrue();
  }

  @Test
  void a_ping_goes_to_one_webhook_and_bypasses_lanes() {
    Webhook other = app.createWebhook(2);
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");

    app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);

    assertThat(app.transport.requestsTo(webhook.settings().endpoint())).hasSize(2);
    assertThat(app.transport.requestsTo(other.settings().endpoint())).hasSize(1);
  }

  @Test
  void a_disabled_webhook_is_not_pinged() {
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);

    Refusal refusal = refusalOf(() -> app.deliveries.ping(Samples.DEMO, webhook.id(), ADA));

    assertThat(refusal).isEqualTo(new Refusal.WebhookDisabled("disabled by Ada"));
    assertThat(app.deliveriesOf(webhook)).isEmpty();
  }

  @Test
  void delivery_details_show_the_request_the_attempts_and_an_explanation() {
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");
    app.advance(Duration.ofSeconds(6));

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    SignedRequest sent = app.transport.requests().getLast();
    assertThat(details.stack()).isEqualTo(Samples.DEMO);
    assertThat(details.request().body().findPayload()).contains(sent.payload());
    assertThat(details.request().headers()).isEqualTo(sent.headers());
    assertThat(details.attempts())
        .extracting(view -> view.attempt().number())
        .containsExactly(1, 2);
    assertThat(details.attempts().getFirst().attempt().startedAt()).isEqualTo(Samples.NOON);
    assertThat(details.explanation()).hasSize(4);
    assertThat(details.explanation().get(0))
        .isEqualTo(Code.CREATED.with(Samples.NOON, "QUEUED", 1, "run-1"));
    assertThat(details.explanation().get(1).code()).isEqualTo(Code.ATTEMPT_RETRIED);
    assertThat(details.explanation().get(1).text()).contains("REJECTED").contains("500");
    assertThat(details.explanation().get(3)).isEqualTo(Code.DELIVERED.with(2));
  }

  @Test
  void delivery_details_show_what_was_sent_except_for_custom_values_even_if_the_webhook_changed() {
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");
    CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", "2")));
    UpdateWebhookRequest edit =
        UpdateWebhookRequest.empty().withHeaders(headers).withEndpoint(Samples.endpoint(2).text());
    app.webhooks.update(Samples.DEMO, webhook.id(), edit, ADA);
    RotateSecretRequest next = new RotateSecretRequest(Optional.empty(), Duration.ZERO);
    app.webhooks.rotateSecret(Samples.DEMO, webhook.id(), next, ADA);
    DeliveryDetails first = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());
    app.advance(Duration.ofSeconds(6));

    DeliveryDetails second = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    SignedRequest failed = app.transport.requests().getFirst();
    SignedRequest retried = app.transport.requests().getLast();
    assertThat(first.request())
        .isEqualTo(
            new RequestView(Source.SENT, 1, failed.endpoint(), failed.headers(), body(failed)));
    assertThat(second.request())
        .isEqualTo(
            new RequestView(Source.SENT, 2, retried.endpoint(), masked(retried), body(retried)));
    assertThat(second.attempts())
        .extracting(view -> view.request().orElseThrow())
        .containsExactly(first.request(), second.request());
    assertThat(failed.endpoint()).isNotEqualTo(retried.endpoint());
  }

  private static StoredPayload body(SignedRequest request) {
    return new StoredPayload.Present(request.payload());
  }

  private static List<Header> masked(SignedRequest request) {
    return request.headers().stream()
        .map(header -> header.name().equals("X-Key") ? new Header("X-Key", "***") : header)
        .toList();
  }

  @Test
  void an_unsent_request_is_marked_as_a_preview() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);

    DeliveryDetails waiting = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    assertThat(waiting.request().source()).isEqualTo(Source.PREVIEW);
    assertThat(waiting.request().attempt()).isEqualTo(1);
    assertThat(waiting.request().headers())
        .extracting(Header::name)
        .contains("X-Signature-256", "webhook-signature");
    assertThat(waiting.attempts()).isEmpty();
  }

  @Test
  void a_blocked_attempt_shows_a_reconstructed_request() {
    app.respondWith(webhook, new Outcome.Blocked("loopback 127.0.0.0/8"));
    app.startRun("run-1");

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    assertThat(details.attempts()).singleElement().matches(view -> view.request().isEmpty());
    assertThat(details.request().source()).isEqualTo(Source.RECONSTRUCTED);
  }

  @Test
  void delivery_details_name_the_delivery_that_blocks_the_lane() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY, RunState.PREPARING);
    Delivery head = app.deliveriesOf(webhook).getLast();

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    assertThat(details.attempts()).isEmpty();
    assertThat(details.explanation()).hasSize(2);
    assertThat(details.explanation().getLast())
        .isEqualTo(
            Code.LANE_HEAD_DUE.with(
                1, "QUEUED", "run-1", head.id(), head.nextAttemptAt().orElseThrow(), 1));
  }

  @Test
  void delivery_details_name_a_blocked_lane_and_a_disabled_webhook() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    Delivery head = app.deliveriesOf(webhook).getLast();

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    assertThat(details.explanation()).hasSize(3);
    assertThat(details.explanation().get(1))
        .isEqualTo(Code.LANE_HEAD_WAITING.with(1, "QUEUED", "run-1", head.id(), 1));
    assertThat(details.explanation().get(2))
        .isEqualTo(Code.DISABLED.with(app.clock.instant(), "Ada"));
  }

  @Test
  void delivery_details_say_what_the_delivery_waited_for() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    Instant disabled = app.clock.instant();
    enable(false);
    app.advance(Duration.ofMinutes(38));
    app.respondWith(webhook, Outcome.Responded.of(200));
    Instant enabled = app.clock.instant();
    enable(true);
    app.dispatcher.poll();
    Delivery head = app.deliveriesOf(webhook).getLast();

    DeliveryDetails first = app.deliveries.get(Samples.ACME, head.id());
    DeliveryDetails second = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    Explanation wait = Code.WAITED_DISABLED.with(disabled, enabled);
    assertThat(first.explanation())
        .extracting(Explanation::code)
        .containsExactly(
            Code.CREATED,
            Code.ATTEMPT_RETRIED,
            Code.WAITED_DISABLED,
            Code.ATTEMPT_DELIVERED,
            Code.DELIVERED);
    assertThat(first.explanation()).contains(wait);
    assertThat(second.explanation().subList(1, 3))
        .containsExactlyInAnyOrder(
            wait, Code.WAITED_LANE.with(enabled, 1, "QUEUED", "run-1", head.id()));
  }

  private void enable(boolean enabled) {
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(enabled), ADA);
  }

  @Test
  void the_head_of_a_lane_shows_its_next_attempt() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);

    DeliveryDetails details =
        app.deliveries.get(Samples.ACME, app.deliveriesOf(webhook).getLast().id());

    assertThat(details.explanation().getLast().code()).isEqualTo(Code.DUE);
  }

  @Test
  void delivery_details_explain_that_the_webhook_is_disabled() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());

    assertThat(details.explanation().getLast())
        .isEqualTo(Code.DISABLED.with(app.clock.instant(), "Ada"));
  }

  @Test
  void unknown_ids_are_refused() {
    WebhookId noWebhook = new WebhookId(new UUID(0x7000, 1L << 63));
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));

    assertThat(refusalOf(() -> app.deliveries.get(Samples.ACME, none)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(refusalOf(() -> app.deliveries.ping(Samples.DEMO, noWebhook, ADA)))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
  }

  @Test
  void another_account_cannot_see_a_delivery() {
    app.startRun("run-1");
    DeliveryId id = app.latestDeliveryOf(webhook).id();

    assertThat(refusalOf(() -> app.deliveries.get(new AccountId("other"), id)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
  }
}
