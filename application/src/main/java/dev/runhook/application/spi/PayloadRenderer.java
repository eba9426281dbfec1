package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// Renders events to the bytes that receivers get. Thread-safe.
public interface PayloadRenderer {
  /// The body that tells of the event, which goes out as `application/json`; the same for the same
  /// event. Called within the transaction that records it, and never again once that is kept: what
  /// it throws rolls it back.
  Payload render(Event event);
}
