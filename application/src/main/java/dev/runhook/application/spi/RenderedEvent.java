package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// An event with its payload.
public record RenderedEvent(Event event, Payload payload) {}
