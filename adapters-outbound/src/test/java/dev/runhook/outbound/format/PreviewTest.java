package dev.runhook.outbound.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PreviewTest {
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final SettableClock clock = SettableClock.atNoon();
  private final InMemoryTransactor store = new InMemoryTransactor(clock);
  private final DeliveryAdmin deliveries =
      new DeliveryAdmin(
          store,
          new DeliveryDependencies(
              new RequestFactory(
                  new WebhookSigner(true), "Runhook/test", DispatchConfig.defaults()),
              new ScriptedTransport(store),
              new JsonPayloadRenderer(),
              new SequentialIdGenerator(clock),
              clock,
              System::nanoTime,
              Runnable::run),
          DispatchHandoff.none());

  @ParameterizedTest
  @EnumSource
  void a_preview_equals_the_test_event(Format format) {
    DeliverySettings settings =
        format == Format.TEMPLATE
            ? DeliverySettings.defaults().withTemplate("[\"{{title}}\",\"{{event}}\"]")
            : DeliverySettings.defaults().withFormat(format);
    Webhook webhook = addWebhook(settings);

    Payload preview = deliveries.preview(Samples.DEMO, settings, RunState.FAILED);
    Delivery test = deliveries.test(Samples.DEMO, webhook.id(), RunState.FAILED, new Actor("Ada"));

    Payload sent =
        deliveries.get(Samples.ACME, test.id()).request().body().findPayload().orElseThrow();
    assertThat(preview.format()).isEqualTo(sent.format());
    assertThat(preview.text().replaceAll(UUID, "id")).isEqualTo(sent.text().replaceAll(UUID, "id"));
  }

  private Webhook addWebhook(DeliverySettings settings) {
    Webhook plain = Samples.webhook();
    Webhook webhook =
        plain.edited(
            new WebhookSettings(
                plain.settings().endpoint(),
                plain.settings().name(),
                plain.settings().subscription(),
                plain.settings().headers(),
                settings),
            Samples.NOON);
    store.run(unit -> {
      unit.stacks().save(Samples.stack());
      unit.webhooks().add(webhook);
    });
    return webhook;
  }
}
