package dev.runhook.testkit;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.RenderingException;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.PagerDutyKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Renders only what tests need to read from a payload. This is not the format that receivers get.
/// The template [#FAILING] is valid, but cannot render any event.
public final class PlainPayloadRenderer implements PayloadRenderer {
  public static final String FAILING = "{{too.long}}";

  @Override
  public Payload render(Event event) {
    return Payload.of(
        switch (event) {
          case RunStateChanged change -> json(change);
          case TestEvent(RunStateChanged sample) -> json(sample);
          case Ping ping ->
              "{\"event\":\"ping\",\"webhook\":\"%s\"}".formatted(ping.target().webhook());
          case OperationalEvent operational ->
              "{\"event\":\"%s\",\"webhook\":\"%s\"}"
                  .formatted(operational.kind().wireName(), operational.webhook().id());
        });
  }

  @Override
  public Payload render(DeliveryContent content, DeliverySettings settings) {
    if (settings.format() == Format.PAGERDUTY) {
      String json =
          "{\"%s\":\"%s\",\"payload\":%s}"
              .formatted(PagerDutyKey.FIELD, PagerDutyKey.MASK, content.payload().text());
      return Payload.of(json.getBytes(StandardCharsets.UTF_8), settings.format());
    }
    if (settings.template().filter(FAILING::equals).isPresent()) {
      throw new RenderingException("the template takes too long");
    }
    String prefix = settings.template().orElse(settings.format().wireName());
    String text = "%s:%s".formatted(prefix, content.payload().text());
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), settings.format());
  }

  /// Accepts any template without an opening tag that is not closed.
  @Override
  public Optional<String> findTemplateError(String template) {
    return template.lastIndexOf("{{") > template.lastIndexOf("}}")
        ? Optional.of("a tag is not closed")
        : Optional.empty();
  }

  private static String json(RunStateChanged change) {
    return "{\"run\":\"%s\",\"state\":\"%s\",\"stateVersion\":%d}"
        .formatted(
            change.run().id().name(), change.transition().state(), change.transition().version());
  }
}
