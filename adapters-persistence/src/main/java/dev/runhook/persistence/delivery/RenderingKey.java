package dev.runhook.persistence.delivery;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.text.Sha256;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an event is rendered as: a format, and for [Format#TEMPLATE] the hash of the template.
record RenderingKey(Format format, Optional<String> templateSha256) {
  static RenderingKey of(Format format, Optional<String> template) {
    return new RenderingKey(
        format, template.map(text -> Sha256.hex(text.getBytes(StandardCharsets.UTF_8))));
  }

  static RenderingKey of(Webhook webhook) {
    DeliverySettings settings = webhook.settings().delivery();
    return of(settings.format(), settings.template());
  }

  byte @Nullable [] templateHash() {
    return templateSha256.map(HexFormat.of()::parseHex).orElse(null);
  }
}
