package dev.runhook.testkit.contract.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.text.Sha256;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for webhooks with other formats than Runhook's own.
@Contract
public interface FormatsContract {
  Payload SLACK = payload("{\"text\":\"Готово\"}", Format.SLACK);
  Payload EVENT = payload("{\"specversion\":\"1.0\"}", Format.CLOUDEVENTS);

  Transactor transactor();

  @Test
  default void a_webhook_can_have_each_format() {
    ContractFixture fixture = ContractFixture.on(transactor());

    for (Format format : EnumSet.complementOf(EnumSet.of(Format.TEMPLATE))) {
      Webhook webhook = addWebhook(fixture, format);
      Webhook found =
          fixture.inTransaction(
              unit -> unit.webhooks().find(webhook.stack(), webhook.id()).orElseThrow());
      assertThat(found).isEqualTo(webhook);
    }
  }

  @Test
  default void a_leased_delivery_has_the_payload_of_the_event_whatever_the_format() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);
    fixture.addDelivery(chat, fixture.addRun());

    LeasedDelivery leased = steps.claim().getFirst();

    assertThat(leased.webhook()).isEqualTo(chat);
    assertThat(leased.content().payload().format()).isEqualTo(Format.RUNHOOK);
    assertThat(steps.details(leased.lease().delivery()).payload())
        .isEqualTo(new StoredPayload.Present(leased.content().payload()));
  }

  @Test
  default void a_leased_delivery_has_the_changes_of_its_event() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = addWebhook(fixture, Format.CLOUDEVENTS);
    RunId run = fixture.addRun();
    fixture.inTransaction(unit -> {
      Run before = requireNonNull(unit.runs().findForUpdate(List.of(run)).get(run));
      NewDelivery delivery =
          fixture.newDelivery(unit, webhook, changed(fixture, unit, before), Payload.of("{}"));
      return fixture.addDeliveries(unit, List.of(delivery), Duration.ZERO);
    });

    LeasedDelivery leased = steps.claim().getFirst();

    assertThat(leased.content().changes()).contains(Samples.changes());
    assertThat(steps.details(leased.lease().delivery()).findContent()).contains(leased.content());
  }

  private static RunStateChanged changed(ContractFixture fixture, UnitOfWork unit, Run before) {
    RunStateChanged plain =
        Samples.runStateChanged(
            fixture.newEventId(unit), fixture.stack(), before, RunState.FINISHED, Samples.NOON);
    Transition transition = plain.transition();
    return new RunStateChanged(
        plain.id(),
        plain.stack(),
        plain.run(),
        new Transition(
            transition.run(),
            transition.state(),
            transition.version(),
            transition.occurredAt(),
            transition.expected(),
            transition.delta(),
            transition.note(),
            Optional.of(Samples.changes())),
        plain.previousState(),
        plain.trace());
  }

  @Test
  default void each_attempt_keeps_what_it_sent() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.CLOUDEVENTS);
    DeliveryId retried = fixture.addDelivery(chat, fixture.addRun());
    send(steps, Optional.of(SLACK), new Disposition.Retry(Duration.ZERO));
    send(steps, Optional.empty(), new Disposition.Retry(Duration.ZERO));
    send(steps, Optional.of(EVENT), new Disposition.Delivered());
    DeliveryId onlyOnce = fixture.addDelivery(chat, fixture.addRun());
    send(steps, Optional.of(SLACK), new Disposition.Delivered());

    assertThat(bodies(steps, retried))
        .containsExactly(present(SLACK), Optional.empty(), present(EVENT));
    assertThat(bodies(steps, onlyOnce)).containsExactly(present(SLACK));
  }

  @Test
  default void only_the_hash_and_the_format_of_what_was_sent_remain_after_an_erasure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.CLOUDEVENTS);
    RunId run = fixture.addRun();
    DeliveryId other = fixture.addDelivery(chat, fixture.addRun());
    send(steps, Optional.of(SLACK), new Disposition.Delivered());
    DeliveryId delivery = fixture.addDelivery(chat, run);
    send(steps, Optional.of(SLACK), new Disposition.Retry(Duration.ZERO));
    erase(fixture, run);
    List<Optional<StoredPayload>> open = bodies(steps, delivery);
    send(steps, Optional.of(EVENT), new Disposition.Delivered());

    erase(fixture, run);

    assertThat(open).containsExactly(present(SLACK));
    assertThat(bodies(steps, delivery)).containsExactly(erased(SLACK), erased(EVENT));
    assertThat(bodies(steps, other)).containsExactly(present(SLACK));
  }

  @Test
  default void what_a_ping_has_sent_is_erased_with_the_payloads_of_its_account() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);
    DeliveryId ping =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.newPing(unit, chat);
          unit.append(JournalEntries.ofDeliveries(List.of(added)), Duration.ZERO);
          return added.id();
        });
    send(steps, Optional.of(SLACK), new Disposition.Delivered());

    fixture.inTransaction(unit ->
        unit.events()
            .erasePayloads(fixture.account(), new StackScope.All(), Optional.empty(), 100, false));

    assertThat(bodies(steps, ping)).containsExactly(erased(SLACK));
  }

  @Test
  default void a_webhook_keeps_its_format_error_until_it_gets_another_format() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook(DeliverySettings.defaults().withTemplate("{}"));
    Webhook failed = webhook.withFormatError(Optional.of("too long"));

    saveFormatError(fixture, failed);
    Webhook found = find(fixture, webhook);
    save(fixture, found, found.settings().delivery().withTemplate("[]"));

    assertThat(found).isEqualTo(failed);
    assertThat(find(fixture, webhook).formatError()).isEmpty();

    saveFormatError(fixture, failed);

    assertThat(find(fixture, webhook).formatError()).isEmpty();
  }

  @Test
  default void a_format_error_ends_and_is_of_one_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = addWebhook(fixture, Format.SLACK);
    Webhook other = addWebhook(fixture, Format.SLACK);
    saveFormatError(fixture, webhook.withFormatError(Optional.of("a bug")));
    saveFormatError(fixture, other.withFormatError(Optional.of("another bug")));

    saveFormatError(fixture, webhook);

    assertThat(find(fixture, webhook)).isEqualTo(webhook);
    assertThat(find(fixture, other).formatError()).contains("another bug");
  }

  private static void saveFormatError(ContractFixture fixture, Webhook webhook) {
    fixture.inTransaction(unit -> {
      unit.webhooks().saveFormatErrors(List.of(webhook));
      return webhook;
    });
  }

  private static Webhook find(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(
        unit -> unit.webhooks().find(webhook.stack(), webhook.id()).orElseThrow());
  }

  /// Claims the next delivery and completes an attempt that sent this body.
  private static void send(DispatchSteps steps, Optional<Payload> body, Disposition disposition) {
    LeasedDelivery leased = steps.claim().getFirst();
    Outcome outcome =
        Outcome.Responded.of(disposition instanceof Disposition.Delivered ? 204 : 500);
    RequestSnapshot sent =
        new RequestSnapshot(
            1,
            "Runhook/1.2.3",
            new WebhookSigner(true)
                .sign(leased.webhook().keys(), "m", Samples.NOON, new byte[] {1}),
            body.map(StoredPayload.Present::new));
    steps.complete(
        steps.completedAttempt(
            leased,
            steps.completedAttempt(leased, outcome, disposition).attempt().withRequest(sent),
            disposition));
  }

  private static List<Optional<StoredPayload>> bodies(DispatchSteps steps, DeliveryId delivery) {
    return steps.details(delivery).attempts().stream()
        .map(attempt -> attempt.request().orElseThrow().body())
        .toList();
  }

  private static Optional<StoredPayload> present(Payload payload) {
    return Optional.of(new StoredPayload.Present(payload));
  }

  private static Optional<StoredPayload> erased(Payload payload) {
    return Optional.of(new StoredPayload.Erased(Sha256.hex(payload.bytes()), payload.format()));
  }

  private static Payload payload(String text, Format format) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), format);
  }

  private static Webhook addWebhook(ContractFixture fixture, Format format) {
    return fixture.addWebhook(DeliverySettings.defaults().withFormat(format));
  }

  private static void save(ContractFixture fixture, Webhook webhook, DeliverySettings delivery) {
    WebhookSettings settings = webhook.settings();
    Webhook edited =
        webhook.edited(
            new WebhookSettings(
                settings.endpoint(),
                settings.name(),
                settings.subscription(),
                settings.headers(),
                delivery),
            fixture.now());
    fixture.inTransaction(unit -> {
      unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
      return unit.webhooks().save(edited);
    });
  }

  private static void erase(ContractFixture fixture, RunId run) {
    fixture.inTransaction(unit -> {
      unit.runs().findForUpdate(List.of(run));
      return unit.events().erasePayloads(run);
    });
  }
}
