package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// An event and the bytes that tell it.
public record RenderedEvent(Event event, Payload payload) {}
