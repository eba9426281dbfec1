package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Chooses the HTTP client of an exchange: usually the shared one. A receiver whose last response
/// was malformed gets a client that is closed after the exchange, so that no connection leaks.
final class ClientPool implements AutoCloseable {
  /// Receivers above this number only cause the shared client to be recycled.
  private static final int MAX_MALFORMED_HOSTS = 10_000;

  private final RecyclingClient shared;
  private final Set<String> malformedHosts = ConcurrentHashMap.newKeySet();

  ClientPool(Supplier<HttpClient> factory, BodyWatchdog watchdog) {
    this.shared = new RecyclingClient(factory, watchdog);
  }

  void run(DeliveryExchange exchange, HttpRequest request) throws InterruptedException {
    String receiver = receiver(request.uri());
    if (malformedHosts.contains(receiver)) {
      shared.withFreshClient(client -> exchange.run(client, request));
      if (exchange.outcome() instanceof Responded) {
        malformedHosts.remove(receiver);
      }
    } else {
      shared.withClient(client -> exchange.run(client, request));
      if (isMalformed(exchange)) {
        shared.reportLeak();
        if (malformedHosts.size() < MAX_MALFORMED_HOSTS) {
          malformedHosts.add(receiver);
        }
      }
    }
  }

  @Override
  public void close() {
    shared.close();
  }

  private static boolean isMalformed(DeliveryExchange exchange) {
    return exchange.outcome() instanceof NoResponse(Cause cause, _)
        && cause == Cause.MALFORMED_RESPONSE;
  }

  private static String receiver(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
