package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.text.Sha256;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Requirements for payloads in other formats than Runhook's own.
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
  default void each_delivery_of_an_event_sends_it_in_its_own_format() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook plain = fixture.addWebhook();
    Webhook chat = addWebhook(fixture, Format.SLACK);
    Webhook otherChat = addWebhook(fixture, Format.SLACK);
    Webhook bus = addWebhook(fixture, Format.CLOUDEVENTS);
    RunId run = fixture.addRun();

    Payload own =
        fixture.inTransaction(unit -> {
          NewDelivery first = fixture.recordTransition(unit, plain, run);
          List<NewDelivery> deliveries =
              List.of(
                  first,
                  delivery(fixture, unit, chat, first, SLACK),
                  delivery(fixture, unit, bus, first, EVENT),
                  delivery(fixture, unit, otherChat, first, SLACK));
          fixture.addDeliveries(unit, deliveries, Duration.ZERO);
          return first.content().payload();
        });

    List<LeasedDelivery> claimed = steps.claim();
    Map<Webhook, Payload> expected = Map.of(plain, own, chat, SLACK, otherChat, SLACK, bus, EVENT);
    assertThat(claimed).extracting(LeasedDelivery::webhook).hasSize(expected.size());
    assertThat(claimed)
        .allSatisfy(leased -> {
          assertThat(leased.content().payload()).isEqualTo(expected.get(leased.webhook()));
          assertThat(steps.details(leased.lease().delivery()).payload())
              .isEqualTo(new StoredPayload.Present(leased.content().payload()));
        });
  }

  @Test
  default void a_leased_delivery_and_its_retry_send_the_same_rendering() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);

    LeasedDelivery leased = addLeased(fixture, chat, SLACK);
    steps.retry(leased, Duration.ZERO);
    LeasedDelivery again = steps.claim().getFirst();

    assertThat(leased.content().payload()).isEqualTo(SLACK);
    assertThat(again.lease().attempt()).isEqualTo(2);
    assertThat(again.content().payload()).isEqualTo(SLACK);
  }

  @Test
  default void a_retry_sends_the_payload_if_the_webhook_has_got_the_format_of_runhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);
    DeliveryId id = addRetried(fixture, chat, SLACK);
    save(fixture, chat, Format.RUNHOOK);
    StoredPayload before = steps.details(id).payload();

    LeasedDelivery again = steps.claim().getFirst();

    assertThat(before).isEqualTo(new StoredPayload.Present(SLACK));
    assertThat(again.content().payload().format()).isEqualTo(Format.RUNHOOK);
    assertThat(steps.details(id).payload())
        .isEqualTo(new StoredPayload.Present(again.content().payload()));
    steps.retry(again, Duration.ZERO);
    assertThat(steps.claim().getFirst().content()).isEqualTo(again.content());
  }

  @Test
  default void a_retry_gets_a_new_rendering_if_the_webhook_has_got_another_format() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);
    DeliveryId id = addRetried(fixture, chat, SLACK);

    save(fixture, chat, Format.CLOUDEVENTS);
    LeasedDelivery second = claimWithoutRendering(steps);
    assertThat(steps.details(id).payload())
        .isEqualTo(new StoredPayload.Present(second.content().payload()));
    replace(fixture, second, EVENT);
    steps.retry(second, Duration.ZERO);
    LeasedDelivery third = steps.claim().getFirst();
    steps.retry(third, Duration.ZERO);

    assertThat(third.content().payload()).isEqualTo(EVENT);
    assertThat(steps.details(id).payload()).isEqualTo(new StoredPayload.Present(EVENT));

    save(fixture, chat, Format.SLACK);
    replace(fixture, claimWithoutRendering(steps), SLACK);
    assertThat(steps.details(id).payload()).isEqualTo(new StoredPayload.Present(SLACK));
  }

  @Test
  default void a_retry_gets_a_new_rendering_if_the_webhook_has_got_another_template() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook(DeliverySettings.defaults().withTemplate("{}"));
    Payload first = payload("{}", Format.TEMPLATE);
    DeliveryId id = addRetried(fixture, webhook, first);
    LeasedDelivery second = steps.claim().getFirst();
    steps.retry(second, Duration.ZERO);

    save(fixture, webhook, webhook.settings().delivery().withTemplate("[]"));
    Payload next = payload("[]", Format.TEMPLATE);
    replace(fixture, claimWithoutRendering(steps), next);

    assertThat(second.content().payload()).isEqualTo(first);
    assertThat(steps.details(id).payload()).isEqualTo(new StoredPayload.Present(next));
  }

  @Test
  default void a_redelivery_has_the_format_that_the_webhook_has_now() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook chat = addWebhook(fixture, Format.SLACK);
    LeasedDelivery leased = addLeased(fixture, chat, SLACK);
    steps.exhaust(leased);
    save(fixture, chat, Format.CLOUDEVENTS);

    DeliveryId again = redeliver(fixture, leased);
    replace(fixture, claimWithoutRendering(steps), EVENT);

    assertThat(steps.details(again).payload()).isEqualTo(new StoredPayload.Present(EVENT));
    assertThat(steps.details(leased.lease().delivery()).payload())
        .isEqualTo(new StoredPayload.Present(SLACK));
  }

  @Test
  default void a_redelivery_in_an_unchanged_format_sends_the_same_rendering() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addLeased(fixture, addWebhook(fixture, Format.SLACK), SLACK);
    steps.exhaust(leased);

    DeliveryId again = redeliver(fixture, leased);

    assertThat(steps.claim().getFirst().content().payload()).isEqualTo(SLACK);
    assertThat(steps.details(again).payload()).isEqualTo(new StoredPayload.Present(SLACK));
  }

  @Test
  default void only_the_hash_and_the_format_of_an_erased_rendering_remain() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addLeased(fixture, addWebhook(fixture, Format.SLACK), SLACK);
    RunId run = runOf(fixture, leased);
    erase(fixture, run);
    StoredPayload open = steps.details(leased.lease().delivery()).payload();
    steps.deliver(leased);

    erase(fixture, run);

    assertThat(open).isEqualTo(new StoredPayload.Present(SLACK));
    assertThat(steps.details(leased.lease().delivery()).payload())
        .isEqualTo(new StoredPayload.Erased(Sha256.hex(SLACK.bytes()), Format.SLACK));
  }

  /// Claims a delivery whose event is not stored in the format of its webhook.
  private static LeasedDelivery claimWithoutRendering(DispatchSteps steps) {
    LeasedDelivery leased = steps.claim().getFirst();
    assertThat(leased.content().payload().format()).isEqualTo(Format.RUNHOOK);
    return leased;
  }

  private static void replace(ContractFixture fixture, LeasedDelivery leased, Payload payload) {
    fixture.inTransaction(unit -> {
      unit.deliveries().replacePayloads(List.of(leased.withPayload(payload)));
      return null;
    });
  }

  private static DeliveryId redeliver(ContractFixture fixture, LeasedDelivery sent) {
    DeliveryContent content =
        fixture
            .inTransaction(unit ->
                unit.deliveries()
                    .findContents(
                        List.of(
                            new RedeliveryCandidate(
                                sent.lease().delivery(), sent.content().event()))))
            .getFirst();
    return fixture.inTransaction(unit -> {
      NewDelivery redelivery =
          new NewDelivery(fixture.newDeliveryId(unit), sent.webhook(), content, false);
      unit.runs().findForUpdate(List.of(runOf(fixture, sent)));
      unit.deliveries().add(List.of(redelivery), Duration.ZERO);
      return redelivery.id();
    });
  }

  private static Payload payload(String text, Format format) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), format);
  }

  private static Webhook addWebhook(ContractFixture fixture, Format format) {
    return fixture.addWebhook(DeliverySettings.defaults().withFormat(format));
  }

  private static void save(ContractFixture fixture, Webhook webhook, Format format) {
    save(fixture, webhook, webhook.settings().delivery().withFormat(format));
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

  private static NewDelivery delivery(
      ContractFixture fixture,
      UnitOfWork unit,
      Webhook webhook,
      NewDelivery sameEvent,
      Payload payload) {
    DeliveryContent content = sameEvent.content().withPayload(payload);
    return new NewDelivery(fixture.newDeliveryId(unit), webhook, content, false);
  }

  private static LeasedDelivery addLeased(
      ContractFixture fixture, Webhook webhook, Payload payload) {
    RunId run = fixture.addRun();
    return fixture.inTransaction(unit -> {
      NewDelivery plain = fixture.recordTransition(unit, webhook, run);
      NewDelivery rendered =
          new NewDelivery(plain.id(), webhook, plain.content().withPayload(payload), true);
      return fixture.addDeliveries(unit, List.of(rendered), DispatchSteps.AN_HOUR).getFirst();
    });
  }

  /// Adds a delivery that waits for its second attempt.
  private static DeliveryId addRetried(ContractFixture fixture, Webhook webhook, Payload payload) {
    LeasedDelivery leased = addLeased(fixture, webhook, payload);
    DispatchSteps.on(fixture).retry(leased, Duration.ZERO);
    return leased.lease().delivery();
  }

  private static RunId runOf(ContractFixture fixture, LeasedDelivery leased) {
    return new RunId(fixture.stackId(), leased.content().transition().orElseThrow().run());
  }

  private static void addPing(ContractFixture fixture, Webhook webhook, Payload payload) {
    fixture.inTransaction(unit -> {
      NewDelivery plain = fixture.newPing(unit, webhook);
      NewDelivery ping = delivery(fixture, unit, webhook, plain, payload);
      return unit.deliveries().add(List.of(ping), Duration.ZERO);
    });
  }

  private static void erase(ContractFixture fixture, RunId run) {
    fixture.inTransaction(unit -> {
      unit.runs().findForUpdate(List.of(run));
      return unit.events().erasePayloads(run);
    });
  }
}
