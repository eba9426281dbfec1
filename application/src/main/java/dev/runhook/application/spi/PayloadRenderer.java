package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// Renders events to the bytes that receivers get. Called once for each event.
public interface PayloadRenderer {
  Payload render(Event event);
}
