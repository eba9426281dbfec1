package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;

/// Renders events, builds and sends requests, and observes the results.
public record DeliveryTransport(
    PayloadRenderer renderer,
    RequestFactory requestFactory,
    Transport transport,
    DispatchObserver observer) {}
