package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// Renders events as the bytes that receivers get. Thread-safe.
public interface PayloadRenderer {
  /// Returns the `application/json` body for the event. The body of an event is always the same.
  /// Called once, in the transaction that records the event; an exception rolls it back.
  Payload render(Event event);
}
