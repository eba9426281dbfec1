package dev.runhook.embedded;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.webhook.WebhookConfig;
import java.time.Duration;
import java.util.List;

/// What an [Engine] is made of. The code that creates the parts closes them after the engine has
/// stopped.
///
/// @param journal also has the renderer and the ids of the whole engine
/// @param webhooks the limits of webhooks; the engine replaces the handoff. The transport must
///   apply the same policy
/// @param requests builds and signs requests
/// @param transport sends requests
/// @param context time, threads and cryptographically strong random numbers. Its transactions
///   should run on platform threads: a virtual one would wait behind all attempts and requests
///   after each of a transaction's many statements, with runs locked
/// @param observers receive attempts, health changes and errors
/// @param retention how long events, deliveries and attempts are stored
/// @param laggingAfter how long deliveries may be due before the event `queue_lagging` is sent
/// @param onFailure is called when the [Supervisor] has found and logged a problem that this
///   process cannot recover from. It may end the process
/// @param sendsDeliveries whether this process sends; if not, another one must
public record EngineParts(
    EngineStores stores,
    JournalDependencies journal,
    WebhookConfig webhooks,
    DispatchConfig dispatch,
    RequestFactory requests,
    Transport transport,
    DispatchContext context,
    List<DispatchObserver> observers,
    Duration retention,
    Duration laggingAfter,
    Runnable onFailure,
    boolean sendsDeliveries) {
  public EngineParts {
    observers = List.copyOf(observers);
  }
}
