package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.DeliveryDetails.RequestView;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A webhook gets events in its format. A new format applies to what waits or is sent again, and
/// what was sent in the old one is still shown.
class FormatsTest {
  private static final Header CLOUD_EVENT =
      new Header("Content-Type", "application/cloudevents+json; charset=utf-8");

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);
  private final Webhook plain = app.createWebhook(1);
  private final Webhook bus = create(2, Format.CLOUDEVENTS);

  @Test
  void each_webhook_gets_the_event_in_its_format_with_a_valid_signature() {
    app.startRun("run-1");

    SignedRequest own = requests(plain).getFirst();
    SignedRequest event = requests(bus).getFirst();
    assertThat(own.headers()).contains(new Header("Content-Type", "application/json"));
    assertThat(event.headers()).contains(CLOUD_EVENT);
    assertThat(event.payload().text()).isEqualTo("cloudevents:" + own.payload().text());
    assertThat(event.headers())
        .containsAll(
            new WebhookSigner(true)
                .signatureHeaders(
                    bus.keys(),
                    app.latestDeliveryOf(bus).event().toString(),
                    Instant.parse("2026-03-14T12:00:00Z"),
                    event.payload().bytes()));
  }

  @Test
  void a_new_format_applies_to_each_attempt_that_starts_after_it() {
    app.transport.enqueue(bus.settings().endpoint(), SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY); // waits for the first delivery
    changeFormat(bus, Format.SLACK);

    app.advance(Duration.ofMinutes(1));
    app.advance(Duration.ofSeconds(1));
    changeFormat(bus, Format.RUNHOOK);
    app.record(run, RunState.PREPARING);

    assertThat(requests(bus))
        .extracting(request -> request.payload().format())
        .containsExactly(Format.CLOUDEVENTS, Format.SLACK, Format.SLACK, Format.RUNHOOK);
    assertThat(requests(bus).get(1).payload().text())
        .isEqualTo("slack:" + requests(plain).getFirst().payload().text());
  }

  @Test
  void a_retry_sends_the_result_of_the_new_template() {
    Webhook templated = create(3, DeliverySettings.defaults().withTemplate("one"));
    app.transport.enqueue(templated.settings().endpoint(), SERVER_ERROR, SERVER_ERROR);
    app.startRun("run-1");
    app.advance(Duration.ofMinutes(1));
    change(templated, WebhookSetting.TEMPLATE, Optional.of("two"));

    app.advance(Duration.ofMinutes(1));

    assertThat(requests(templated))
        .extracting(request -> request.payload().text().substring(0, 4))
        .containsExactly("one:", "one:", "two:");
  }

  @Test
  void a_redelivery_has_the_new_format_and_the_first_delivery_still_shows_the_old_one() {
    app.startRun("run-1");
    DeliveryId first = app.latestDeliveryOf(bus).id();
    changeFormat(bus, Format.RUNHOOK);
    changeFormat(plain, Format.SLACK);

    redeliverLatest(bus);
    redeliverLatest(plain);
    app.dispatcher.poll();

    assertThat(requests(bus).getLast().payload()).isEqualTo(requests(plain).getFirst().payload());
    assertThat(requests(plain).getLast().payload().text())
        .isEqualTo("slack:" + requests(plain).getFirst().payload().text());
    assertThat(app.deliveries.get(Samples.ACME, first).request().body())
        .isEqualTo(new StoredPayload.Present(requests(bus).getFirst().payload()));
  }

  @Test
  void an_event_that_the_new_format_is_not_for_keeps_the_payload_of_runhook() {
    app.transport.enqueue(plain.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");
    app.webhooks.rotateSecret(
        plain.stack(),
        plain.id(),
        new RotateSecretRequest(Optional.of(SigningSecret.parse("a".repeat(32))), Duration.ZERO),
        ADA);
    changeFormat(plain, Format.PAGERDUTY);

    app.advance(Duration.ofMinutes(1));

    assertThat(requests(plain))
        .extracting(SignedRequest::payload)
        .containsOnly(requests(plain).getFirst().payload());
  }

  @Test
  void an_error_of_the_renderer_does_not_prevent_the_delivery() {
    app.transport.enqueue(plain.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");
    changeFormat(plain, Format.SLACK);
    List<String> errors = new ArrayList<>();
    app.clock.advance(Duration.ofMinutes(1));
    LeasedDelivery leased =
        app.store
            .inTransaction(
                unit -> unit.deliveries().claimDue(ClaimRequest.of(Duration.ofHours(1), 10)))
            .getFirst();

    AttemptRunner runner =
        new AttemptRunner(
            new DeliveryTransport(
                new FailingRenderer(), app.requestFactory, app.transport, new ErrorList(errors)),
            ApplicationFixture.CONFIG,
            new DispatchContext(app.clock, app.clock.ticker(), new Random(7), Runnable::run));
    CompletedAttempt attempt = runner.run(leased, runner.render(leased));

    assertThat(attempt.attempt().outcome().isDelivered()).isTrue();
    assertThat(attempt.formatError())
        .contains("Runhook failed to render the event: StackOverflowError");
    assertThat(requests(plain).getLast().payload()).isEqualTo(requests(plain).getFirst().payload());
    assertThat(errors).containsExactly("rendering delivery " + app.latestDeliveryOf(plain).id());
  }

  private static final class FailingRenderer implements PayloadRenderer {
    @Override
    public Payload render(Event event) {
      throw new IllegalStateException("an event is rendered only once");
    }

    @Override
    public Payload render(DeliveryContent content, DeliverySettings settings) {
      throw new StackOverflowError();
    }
  }

  private record ErrorList(List<String> errors) implements DispatchObserver {
    @Override
    public void onError(String activity, Throwable error) {
      errors.add(activity);
    }
  }

  @Test
  void a_webhook_says_why_its_latest_attempt_did_not_send_its_format() {
    Webhook templated =
        create(3, DeliverySettings.defaults().withTemplate(PlainPayloadRenderer.FAILING));
    app.startRun("run-1");
    Optional<String> failed = app.reload(templated).formatError();
    Delivery sent = app.latestDeliveryOf(templated);
    change(templated, WebhookSetting.TEMPLATE, Optional.of("two"));
    Optional<String> edited = app.reload(templated).formatError();

    assertThat(failed).contains("the template takes too long");
    assertThat(sent.status()).isEqualTo(Delivery.Status.DELIVERED);
    assertThat(requests(templated).getFirst().payload())
        .isEqualTo(requests(plain).getFirst().payload());
    assertThat(edited).isEmpty();
    assertThat(app.reload(plain).formatError()).isEmpty();
  }

  @Test
  void an_attempt_with_an_earlier_template_does_not_say_that_the_new_one_fails() {
    Webhook templated =
        create(3, DeliverySettings.defaults().withTemplate(PlainPayloadRenderer.FAILING));
    app.transport.enqueue(
        templated.settings().endpoint(),
        request -> {
          change(templated, WebhookSetting.TEMPLATE, Optional.of("two"));
          return Outcome.Responded.of(204);
        });
    app.startRun("run-1");

    assertThat(app.reload(templated).formatError()).isEmpty();
  }

  @Test
  void a_replay_of_a_skipped_event_has_the_format_of_the_webhook() {
    app.webhooks.update(
        bus.stack(), bus.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    app.startRun("run-1");
    app.webhooks.update(bus.stack(), bus.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);

    app.deliveries
        .replays()
        .create(
            bus.stack(),
            bus.id(),
            ReplayRequest.since(Samples.NOON.minusSeconds(60), Replay.Status.SKIPPED),
            ADA);
    app.dispatcher.poll();

    assertThat(requests(bus).getFirst().payload().text())
        .isEqualTo("cloudevents:" + requests(plain).getFirst().payload().text());
    assertThat(requests(bus).getFirst().headers()).contains(CLOUD_EVENT);
  }

  @Test
  void a_delivery_shows_the_request_as_it_was_sent() {
    app.startRun("run-1");
    changeFormat(bus, Format.SLACK);

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(bus).id());

    Payload sent = requests(bus).getFirst().payload();
    assertThat(details.request().body()).isEqualTo(new StoredPayload.Present(sent));
    assertThat(details.request().source()).isEqualTo(RequestView.Source.SENT);
    assertThat(details.request().headers()).contains(CLOUD_EVENT);
  }

  @Test
  void pings_and_samples_are_sent_in_the_format_of_the_webhook() {
    app.deliveries.ping(Samples.DEMO, bus.id(), ADA);
    app.deliveries.test(Samples.DEMO, bus.id(), RunState.FAILED, ADA);

    assertThat(requests(bus))
        .extracting(request -> request.payload().format())
        .containsExactly(Format.CLOUDEVENTS, Format.CLOUDEVENTS);
  }

  @Test
  void templates_are_checked_and_each_is_a_format_of_its_own() {
    Webhook one = create(3, DeliverySettings.defaults().withTemplate("one"));
    Webhook two = create(4, DeliverySettings.defaults().withTemplate("two"));
    app.startRun("run-1");

    assertThat(requests(one).getFirst().payload().text()).startsWith("one:");
    assertThat(requests(two).getFirst().payload().text()).startsWith("two:");
    Refusal invalid = new Refusal.InvalidTemplate("a tag is not closed");
    assertThat(refusalOf(() -> create(5, DeliverySettings.defaults().withTemplate("{{a"))))
        .isEqualTo(invalid);
    assertThat(refusalOf(() -> change(one, WebhookSetting.TEMPLATE, Optional.of("{{a"))))
        .isEqualTo(invalid);
    assertThat(refusalOf(() -> change(bus, WebhookSetting.FORMAT, Format.TEMPLATE)))
        .isEqualTo(new Refusal.InvalidTemplate("the format template requires a template"));
    assertThat(refusalOf(() -> change(bus, WebhookSetting.TEMPLATE, Optional.of("a"))))
        .isEqualTo(new Refusal.InvalidTemplate("only the format template has a template"));
  }

  @Test
  void another_format_removes_the_template() {
    Webhook templated = create(3, DeliverySettings.defaults().withTemplate("one"));

    change(templated, WebhookSetting.TEMPLATE, Optional.of("two"));
    DeliverySettings before = app.reload(templated).settings().delivery();
    changeFormat(templated, Format.SLACK);

    assertThat(before).isEqualTo(DeliverySettings.defaults().withTemplate("two"));
    assertThat(app.reload(templated).settings().delivery())
        .isEqualTo(DeliverySettings.defaults().withFormat(Format.SLACK));
  }

  @Test
  void a_preview_shows_what_a_webhook_would_get_and_sends_nothing() {
    DeliverySettings settings = DeliverySettings.defaults();

    Payload own = app.deliveries.preview(Samples.DEMO, settings, RunState.FAILED);
    Payload event =
        app.deliveries.preview(
            Samples.DEMO, settings.withFormat(Format.CLOUDEVENTS), RunState.FAILED);

    assertThat(own.text()).contains("FAILED");
    assertThat(event.text()).isEqualTo("cloudevents:" + own.text());
    assertThat(
            refusalOf(() ->
                app.deliveries.preview(
                    Samples.DEMO, settings.withTemplate("{{a"), RunState.FAILED)))
        .isEqualTo(new Refusal.InvalidTemplate("a tag is not closed"));
    assertThat(app.transport.requests()).isEmpty();
  }

  private Webhook create(int number, Format format) {
    return create(number, DeliverySettings.defaults().withFormat(format));
  }

  private Webhook create(int number, DeliverySettings settings) {
    return app.createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text()).withDelivery(settings));
  }

  private void changeFormat(Webhook webhook, Format format) {
    change(webhook, WebhookSetting.FORMAT, format);
  }

  private <T> void change(Webhook webhook, WebhookSetting<T> setting, T value) {
    app.webhooks.update(
        webhook.stack(), webhook.id(), UpdateWebhookRequest.empty().with(setting, value), ADA);
  }

  private void redeliverLatest(Webhook webhook) {
    app.deliveries.redeliver(
        Samples.ACME, new StackScope.All(), app.latestDeliveryOf(webhook).id(), ADA);
  }

  private List<SignedRequest> requests(Webhook webhook) {
    return app.transport.requestsTo(webhook.settings().endpoint());
  }
}
