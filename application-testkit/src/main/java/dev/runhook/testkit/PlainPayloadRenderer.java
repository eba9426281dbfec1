package dev.runhook.testkit;

import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Payload;

/// Renders only what tests need to read from a payload. This is not the format that receivers get.
public final class PlainPayloadRenderer implements PayloadRenderer {
  @Override
  public Payload render(Event event) {
    return Payload.of(
        switch (event) {
          case RunStateChanged change -> json(change);
          case TestEvent(RunStateChanged sample) -> json(sample);
          case Ping ping ->
              "{\"event\":\"ping\",\"webhook\":\"%s\"}".formatted(ping.target().webhook());
        });
  }

  private static String json(RunStateChanged change) {
    return "{\"run\":\"%s\",\"state\":\"%s\",\"stateVersion\":%d}"
        .formatted(
            change.run().id().name(), change.transition().state(), change.transition().version());
  }
}
