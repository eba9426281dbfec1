package dev.runhook.outbound.egress;

import dev.runhook.outbound.HttpClientProperties;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Security;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// The program that [DnsRebindingTest] runs in a separate JVM, in which a name resolves to
/// different addresses each time.
final class DnsRebindingProcess {
  private DnsRebindingProcess() {}

  public static void main(String[] args) throws Exception {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    HttpClientProperties.set();
    DnsEgressFilter.install(DnsRebindingTest.ONE_ADDRESS, Set.of());
    URI uri = URI.create("http://flip.test:" + args[0] + "/");
    AtomicInteger left = new AtomicInteger(DnsRebindingTest.POSTS);
    AtomicInteger delivered = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    try (HttpClient client = HttpClient.newHttpClient()) {
      DnsRebindingTest.inParallel(() -> {
        while (left.getAndDecrement() > 0) {
          (isDelivered(client, uri) ? delivered : denied).incrementAndGet();
        }
      });
    }

    System.out.println("sent " + (delivered.get() + denied.get()));
    System.out.println("delivered " + delivered);
    System.out.println("denied " + denied);
  }

  private static boolean isDelivered(HttpClient client, URI uri) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 204;
    } catch (ConnectException _) {
      return false;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
