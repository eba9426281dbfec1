package dev.runhook.application.delivery;

import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// What [DeliveryAdmin] needs to create and send deliveries.
///
/// @param transport sends the test events of account webhooks, and the requests that check
///   receivers
/// @param replays creates the deliveries of replays of an account, one task for each replay
/// @param ticker monotonic nanoseconds, such as `System::nanoTime`
public record DeliveryDependencies(
    RequestFactory requestFactory,
    Transport transport,
    PayloadRenderer renderer,
    IdGenerator ids,
    InstantSource clock,
    LongSupplier ticker,
    Executor replays) {}
