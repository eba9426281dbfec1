package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.DeliveryDetails.RequestView;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The secret of a webhook with the format PagerDuty is the integration key. It is sent in the
/// body, and neither stored with the event nor shown.
class PagerDutyKeyTest {
  private static final SigningSecret KEY = SigningSecret.parse("R0123456789abcdefghijKLMNOPQRSTU");
  private static final SigningSecret OTHER_KEY = SigningSecret.parse("a".repeat(32));
  private static final SigningSecret NO_KEY = SigningSecret.parse("a".repeat(31) + "-");
  private static final Refusal REFUSAL = new Refusal.RoutingKeyRequired();

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  @Test
  void the_key_is_in_the_signed_body_and_not_in_the_delivery() {
    Webhook webhook = create(KEY);
    app.record(app.startRun("run-1"), RunState.FAILED);
    app.dispatcher.poll();

    SignedRequest request = requests(webhook).getFirst();
    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id());
    assertThat(request.payload().text())
        .startsWith("{\"routing_key\":\"" + KEY.reveal() + "\",\"payload\":{");
    assertThat(request.headers())
        .containsAll(signatures(webhook, app.latestDeliveryOf(webhook), request.payload().bytes()));
    assertThat(details.request().headers()).isEqualTo(request.headers());
    assertThat(details.request().body().findPayload().orElseThrow().text())
        .isEqualTo(request.payload().text().replace(KEY.reveal(), PagerDutyKey.MASK));
  }

  @Test
  void a_request_that_was_not_sent_yet_is_shown_with_the_signatures_of_the_body_with_the_key() {
    ApplicationFixture idle = new ApplicationFixture(ApplicationFixture.CONFIG, neverRun -> {});
    Webhook webhook = idle.createWebhook(pagerDuty().withSecret(KEY));
    idle.record(idle.startRun("run-1"), RunState.FAILED);

    Delivery delivery = idle.latestDeliveryOf(webhook);
    DeliveryDetails waiting = idle.deliveries.get(Samples.ACME, delivery.id());

    String masked = waiting.request().body().findPayload().orElseThrow().text();
    assertThat(waiting.request().source()).isEqualTo(RequestView.Source.PREVIEW);
    assertThat(waiting.request().headers())
        .containsAll(
            signatures(
                webhook,
                delivery,
                masked.replace(PagerDutyKey.MASK, KEY.reveal()).getBytes(UTF_8)));
  }

  @Test
  void a_retry_sends_the_same_bytes_until_the_key_is_rotated() {
    Webhook webhook = create(KEY);
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR, SERVER_ERROR);
    app.record(app.startRun("run-1"), RunState.FAILED);
    app.dispatcher.poll();

    app.advance(Duration.ofMinutes(1));
    rotate(webhook, Optional.of(OTHER_KEY));
    app.advance(Duration.ofMinutes(10));

    List<SignedRequest> requests = requests(webhook);
    assertThat(requests).hasSize(3);
    assertThat(requests.get(1).payload()).isEqualTo(requests.getFirst().payload());
    assertThat(requests.get(2).payload().text())
        .isEqualTo(requests.getFirst().payload().text().replace(KEY.reveal(), OTHER_KEY.reveal()));
  }

  @Test
  void a_secret_that_is_no_key_is_refused() {
    CreateWebhookRequest missing = pagerDuty();
    Webhook own = app.createWebhook(1);
    Webhook webhook = create(KEY);
    Webhook account = app.accountWebhooks.create(Samples.ACME, missing.withSecret(KEY), ADA);

    assertThat(refusalOf(() -> app.createWebhook(missing))).isEqualTo(REFUSAL);
    assertThat(refusalOf(() -> app.createWebhook(missing.withSecret(NO_KEY)))).isEqualTo(REFUSAL);
    assertThat(refusalOf(() -> update(own, toPagerDuty(Optional.empty())))).isEqualTo(REFUSAL);
    assertThat(refusalOf(() -> rotate(webhook, Optional.empty()))).isEqualTo(REFUSAL);
    assertThat(refusalOf(() -> app.accountWebhooks.create(Samples.ACME, missing, ADA)))
        .isEqualTo(REFUSAL);
    assertThat(
            refusalOf(() ->
                app.accountWebhooks.rotateSecret(
                    Samples.ACME,
                    account.id(),
                    new RotateSecretRequest(Optional.empty(), Duration.ZERO),
                    ADA)))
        .isEqualTo(REFUSAL);
    update(own, toPagerDuty(Optional.of(KEY)));
    assertThat(app.reload(own).settings().delivery().format()).isEqualTo(Format.PAGERDUTY);
  }

  @Test
  void only_failed_and_finished_are_sent_and_the_other_states_are_explained() {
    Webhook webhook = create(KEY);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.PLANNING, RunState.FAILED);
    app.dispatcher.poll();

    assertThat(requests(webhook))
        .singleElement()
        .satisfies(request -> assertThat(request.payload().text()).contains("FAILED"));
    assertThat(app.deliveries.explain(run, PageRequest.first()).transitions().items())
        .element(1)
        .satisfies(planning ->
            assertThat(planning.webhooks().getFirst().explanation())
                .contains(Code.SKIPPED_FORMAT.with("pagerduty", RunState.PLANNING)));
  }

  @Test
  void a_replay_of_skipped_events_leaves_out_what_the_format_has_no_message_for() {
    Webhook webhook = create(KEY);
    update(webhook, UpdateWebhookRequest.empty().withEnabled(false));
    app.record(app.startRun("run-1"), RunState.PLANNING, RunState.FAILED);
    app.record(app.startRun("run-2"), RunState.FINISHED);
    update(webhook, UpdateWebhookRequest.empty().withEnabled(true));
    ReplayRequest skipped =
        ReplayRequest.since(Samples.NOON.minusSeconds(60), Replay.Status.SKIPPED);

    int toCreate = app.deliveries.replays().preview(Samples.DEMO, webhook.id(), skipped).toCreate();
    app.deliveries.replays().create(Samples.DEMO, webhook.id(), skipped, ADA);
    app.dispatcher.poll();
    app.advance(Duration.ofSeconds(1));

    assertThat(toCreate).isEqualTo(2);
    assertThat(app.sentStates(webhook)).containsExactly("FAILED", "FINISHED");
  }

  @Test
  void a_webhook_with_another_format_by_now_does_not_send_its_secret() {
    Webhook webhook = create(KEY);
    app.record(app.startRun("run-1"), RunState.FAILED);
    app.dispatcher.poll();
    update(webhook, format(Format.SLACK, Optional.of(NO_KEY)));

    app.deliveries.redeliver(
        Samples.ACME, new StackScope.All(), app.latestDeliveryOf(webhook).id(), ADA);
    app.advance(Duration.ofSeconds(1));

    assertThat(requests(webhook).getLast().payload().text())
        .startsWith("slack:")
        .doesNotContain(NO_KEY.reveal(), KEY.reveal());
  }

  @Test
  void a_secret_that_is_no_key_is_never_sent() {
    Webhook webhook = create(KEY);
    Webhook withOtherSecret =
        webhook.rotated(
            SigningSecret.parse("longer-than-a-key-".repeat(2)), Samples.NOON, Duration.ZERO);
    app.record(app.startRun("run-1"), RunState.FAILED);
    Payload rendering =
        app.deliveries
            .get(Samples.ACME, app.latestDeliveryOf(webhook).id())
            .request()
            .body()
            .findPayload()
            .orElseThrow();

    assertThat(PagerDutyKey.insert(webhook, rendering).text()).contains(KEY.reveal());
    assertThat(PagerDutyKey.insert(withOtherSecret, rendering)).isEqualTo(rendering);
  }

  @Test
  void operational_events_are_sent_except_rotations() {
    Webhook plain = app.createWebhook(1);
    Webhook pager =
        app.createWebhook(
            pagerDuty()
                .withSecret(KEY)
                .onEvents(Event.Kind.SECRET_ROTATED, Event.Kind.WEBHOOK_DISABLED));

    rotate(plain, Optional.of(OTHER_KEY));
    update(plain, UpdateWebhookRequest.empty().withEnabled(false));
    app.dispatcher.poll();

    assertThat(requests(pager))
        .singleElement()
        .satisfies(request ->
            assertThat(request.payload().text()).contains("webhook_disabled", KEY.reveal()));
  }

  @Test
  void a_ping_contains_the_key() {
    Webhook webhook = create(KEY);

    app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();

    assertThat(requests(webhook).getFirst().payload().text()).contains(KEY.reveal());
  }

  private Webhook create(SigningSecret secret) {
    return app.createWebhook(pagerDuty().withSecret(secret));
  }

  private static CreateWebhookRequest pagerDuty() {
    return CreateWebhookRequest.of(Samples.endpoint(9).text())
        .withDelivery(DeliverySettings.defaults().withFormat(Format.PAGERDUTY));
  }

  private static UpdateWebhookRequest toPagerDuty(Optional<SigningSecret> secret) {
    return format(Format.PAGERDUTY, secret);
  }

  private static UpdateWebhookRequest format(Format format, Optional<SigningSecret> secret) {
    UpdateWebhookRequest patch = UpdateWebhookRequest.empty().with(WebhookSetting.FORMAT, format);
    return secret.map(patch::withSecret).orElse(patch);
  }

  private void update(Webhook webhook, UpdateWebhookRequest patch) {
    app.webhooks.update(webhook.stack(), webhook.id(), patch, ADA);
  }

  private void rotate(Webhook webhook, Optional<SigningSecret> next) {
    app.webhooks.rotateSecret(
        webhook.stack(), webhook.id(), new RotateSecretRequest(next, Duration.ZERO), ADA);
  }

  private static List<Header> signatures(Webhook webhook, Delivery delivery, byte[] body) {
    String event = delivery.event().toString();
    return new WebhookSigner(true).signatureHeaders(webhook.keys(), event, Samples.NOON, body);
  }

  private List<SignedRequest> requests(Webhook webhook) {
    return app.transport.requestsTo(webhook.settings().endpoint());
  }
}
