package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static dev.runhook.testkit.Samples.ACME;
import static dev.runhook.testkit.Samples.DEMO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// A check sends a signed and a forged ping to the receiver of a webhook.
class ReceiverCheckRequestsTest {
  private static final Endpoint ENDPOINT = Samples.endpoint(1);
  private static final Outcome REFUSED = Outcome.Responded.of(401);

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  private Webhook create(DeliverySettings settings) {
    return app.webhooks.create(
        DEMO, CreateWebhookRequest.of(ENDPOINT.text()).withDelivery(settings), ADA);
  }

  private List<ReceiverCheck> check(Webhook webhook) {
    return app.deliveries.check(DEMO, webhook.id(), ADA, result -> {});
  }

  private static String last(List<ReceiverCheck> checks) {
    return checks.getLast().name() + " " + checks.getLast().result();
  }

  @Test
  void the_second_request_is_like_a_delivery_except_that_no_signature_is_valid() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.transport.enqueue(ENDPOINT, Outcome.Responded.of(204), REFUSED);

    List<ReceiverCheck> checks = check(webhook);

    assertThat(checks).extracting(ReceiverCheck::result).doesNotContain(Result.FAILED);
    assertThat(last(checks)).isEqualTo("verifies-signatures PASSED");
    List<SignedRequest> requests = app.transport.requestsTo(ENDPOINT);
    assertThat(requests).hasSize(2);
    Map<String, String> signed = headers(requests.getFirst());
    Map<String, String> forged = headers(requests.getLast());
    assertThat(signed).containsAllEntriesOf(expectedSignatures(webhook, requests.getFirst()));
    assertThat(forged.keySet()).isEqualTo(signed.keySet());
    assertThat(forged).containsEntry("X-Runhook-Event", "ping");
    expectedSignatures(webhook, requests.getLast())
        .forEach((name, value) -> assertThat(forged.get(name)).as(name).isNotEqualTo(value));
    assertThat(forged.get("webhook-id")).isNotEqualTo(signed.get("webhook-id"));
  }

  private static Map<String, String> headers(SignedRequest request) {
    return request.headers().stream().collect(Collectors.toMap(Header::name, Header::value));
  }

  private static Map<String, String> expectedSignatures(Webhook webhook, SignedRequest request) {
    Map<String, String> sent = headers(request);
    Instant sentAt =
        Instant.ofEpochSecond(Long.parseLong(sent.getOrDefault("webhook-timestamp", "")));
    return new WebhookSigner(true)
            .signatureHeaders(
                webhook.keys(),
                sent.getOrDefault("webhook-id", ""),
                sentAt,
                request.payload().bytes())
            .stream()
            .filter(header -> header.name().endsWith("ignature") || header.name().endsWith("-256"))
            .collect(Collectors.toMap(Header::name, Header::value));
  }

  @Test
  void a_receiver_that_accepts_the_forged_request_is_found() {
    assertThat(last(check(create(DeliverySettings.defaults()))))
        .isEqualTo("verifies-signatures FAILED");
  }

  @Test
  void each_result_is_reported_once_before_the_next_request() {
    Webhook webhook = create(DeliverySettings.defaults());
    List<String> reported = new ArrayList<>();
    List<String> reportedBeforeForgery = new ArrayList<>();
    app.transport.enqueue(ENDPOINT, Outcome.Responded.of(204));
    app.transport.enqueue(
        ENDPOINT,
        ignored -> {
          reportedBeforeForgery.addAll(reported);
          return REFUSED;
        });

    List<ReceiverCheck> checks =
        app.deliveries.check(DEMO, webhook.id(), ADA, check -> reported.add(check.name()));

    assertThat(reportedBeforeForgery)
        .containsExactly("name-resolves", "tls", "responds-with-2xx", "responds-within-a-second");
    assertThat(reported)
        .containsExactlyElementsOf(checks.stream().map(ReceiverCheck::name).toList());
  }

  @Test
  void no_forged_request_is_sent_after_the_signed_one_was_refused() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.transport.respondByDefault(ENDPOINT, REFUSED);

    assertThat(last(check(webhook))).isEqualTo("verifies-signatures SKIPPED");
    assertThat(app.transport.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Format.class,
      mode = Mode.INCLUDE,
      names = {"SLACK", "MSTEAMS"})
  void chats_get_no_forged_request(Format format) {
    Webhook webhook = create(DeliverySettings.defaults().withFormat(format));

    assertThat(last(check(webhook))).isEqualTo("verifies-signatures SKIPPED");
    assertThat(app.transport.requests())
        .extracting(request -> request.payload().format())
        .containsExactly(format);
  }

  @Test
  void both_requests_together_take_no_longer_than_ten_seconds() {
    Webhook webhook =
        create(new DeliverySettings(Optional.of(Duration.ofMinutes(5)), Optional.empty()));
    app.transport.enqueue(
        ENDPOINT,
        ignored -> {
          app.clock.advance(Duration.ofSeconds(4));
          return Outcome.Responded.of(200);
        });

    List<ReceiverCheck> checks = check(webhook);

    assertThat(app.transport.requests())
        .extracting(SignedRequest::timeout)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6));
    assertThat(checks)
        .filteredOn(each -> each.result() == Result.FAILED)
        .extracting(ReceiverCheck::name)
        .containsExactly("responds-within-a-second", "verifies-signatures");
  }

  @Test
  void an_internal_error_says_nothing_about_the_receiver() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.transport.enqueue(ENDPOINT, new Outcome.InternalFailure("the proxy is unreachable"));

    assertThat(check(webhook))
        .hasSize(5)
        .allSatisfy(check -> {
          assertThat(check.result()).isEqualTo(Result.SKIPPED);
          assertThat(check.detail()).contains("the proxy is unreachable");
        });
  }

  @Test
  void a_timeout_of_the_forged_request_is_no_result() {
    Webhook webhook = create(DeliverySettings.defaults());
    Outcome timeout = new Outcome.NoResponse(Outcome.Cause.TIMEOUT, "respond first");
    app.transport.enqueue(ENDPOINT, Outcome.Responded.of(204), timeout);

    List<ReceiverCheck> checks = check(webhook);

    assertThat(last(checks)).isEqualTo("verifies-signatures SKIPPED");
    assertThat(checks.getLast().detail().orElseThrow()).contains("within 10000 ms");
  }

  @Test
  void nothing_is_stored_except_in_the_audit_log() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.transport.respondByDefault(ENDPOINT, SERVER_ERROR);

    check(webhook);

    DeliveryScope account =
        new DeliveryScope.OfAccount(ACME, new StackScope.All(), Optional.empty());
    assertThat(app.deliveries.list(DeliveryFilter.of(account), PageRequest.first()).items())
        .isEmpty();
    assertThat(app.webhooks.get(DEMO, webhook.id())).isEqualTo(webhook);
    AuditFilter all = AuditFilter.of(ACME, new StackScope.All());
    assertThat(new AuditLog(app.store).list(all, PageRequest.first()).items())
        .first()
        .extracting(AuditEvent::action, AuditEvent::resource)
        .containsExactly(AuditAction.WEBHOOK_PINGED, Optional.of(webhook.id().value()));
  }

  @Test
  void a_webhook_that_is_disabled_or_missing_is_refused() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.webhooks.update(DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    WebhookId missing = new WebhookId(new UUID(7, 7));

    assertThat(refusalOf(() -> check(webhook))).isInstanceOf(Refusal.WebhookDisabled.class);
    assertThat(refusalOf(() -> app.deliveries.check(DEMO, missing, ADA, result -> {})))
        .isEqualTo(new Refusal.NoSuchWebhook(missing.toString()));
    assertThat(app.transport.requests()).isEmpty();
  }

  @Test
  void an_account_webhook_without_copies_is_checked_too() {
    StackSelector none = new StackSelector(Optional.empty(), List.of("no-such-stack"));
    Webhook webhook =
        app.accountWebhooks.create(
            ACME, CreateWebhookRequest.of(ENDPOINT.text()).withSelector(none), ADA);
    app.transport.enqueue(ENDPOINT, Outcome.Responded.of(204), REFUSED);

    List<ReceiverCheck> checks = app.deliveries.check(ACME, webhook.id(), ADA, result -> {});

    assertThat(last(checks)).isEqualTo("verifies-signatures PASSED");
    assertThat(app.accountWebhooks.get(ACME, webhook.id())).isEqualTo(webhook);
  }
}
