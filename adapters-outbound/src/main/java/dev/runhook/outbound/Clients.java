package dev.runhook.outbound;

import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Which client an exchange gets: the one that all share, or, while the receiver's last answer was
/// no HTTP, one that ends with the exchange and leaves nothing open.
final class Clients implements AutoCloseable {
  /// Of more than so many garblers the others are not remembered; then renewing is all there is.
  private static final int MANY = 10_000;

  private final SharedClient shared;
  private final Set<String> garblers = ConcurrentHashMap.newKeySet();

  Clients(Supplier<HttpClient> maker, Deadlines deadlines) {
    this.shared = new SharedClient(maker, deadlines);
  }

  void run(Exchange exchange, HttpRequest request) throws InterruptedException {
    String receiver = receiver(request.uri());
    if (garblers.contains(receiver)) {
      shared.useOnce(client -> exchange.run(client, request));
      if (exchange.outcome() instanceof Answered) {
        garblers.remove(receiver);
      }
    } else {
      shared.use(client -> exchange.run(client, request));
      if (isGarbled(exchange)) {
        shared.hasForgotten();
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

  private static boolean isGarbled(Exchange exchange) {
    return exchange.outcome() instanceof Unanswered(Cause cause, _)
        && cause == Cause.MALFORMED_RESPONSE;
  }

  private static String receiver(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
