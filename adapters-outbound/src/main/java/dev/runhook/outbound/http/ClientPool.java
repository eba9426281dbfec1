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

/// Which client an exchange gets: the one that all share, or, while the receiver's last answer was
/// no HTTP, one that ends with the exchange and leaves nothing open.
final class ClientPool implements AutoCloseable {
  /// Of more than so many garblers the others are not remembered; then renewing is all there is.
  private static final int MANY = 10_000;

  private final RecyclingClient shared;
  private final Set<String> garblers = ConcurrentHashMap.newKeySet();

  ClientPool(Supplier<HttpClient> maker, BodyWatchdog bodyWatchdog) {
    this.shared = new RecyclingClient(maker, bodyWatchdog);
  }

  void run(DeliveryExchange deliveryExchange, HttpRequest request) throws InterruptedException {
    String receiver = receiver(request.uri());
    if (garblers.contains(receiver)) {
      shared.withFreshClient(client -> deliveryExchange.run(client, request));
      if (deliveryExchange.outcome() instanceof Responded) {
        garblers.remove(receiver);
      }
    } else {
      shared.withClient(client -> deliveryExchange.run(client, request));
      if (isGarbled(deliveryExchange)) {
        shared.reportLeak();
        if (garblers.size() < MANY) {
          garblers.add(receiver);
        }
      }
    }
  }

  @Override
  public void close() {
    shared.close();
  }

  private static boolean isGarbled(DeliveryExchange deliveryExchange) {
    return deliveryExchange.outcome() instanceof NoResponse(Cause cause, _)
        && cause == Cause.MALFORMED_RESPONSE;
  }

  private static String receiver(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
