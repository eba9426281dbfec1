package dev.runhook.outbound.egress;

import dev.runhook.outbound.HttpClientProperties;
import dev.runhook.outbound.http.TransportFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Security;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// The program that [DnsRebindingTest] runs in a separate JVM, in which a name resolves to
/// different addresses each time. It posts either through the JDK's client in a filtered process,
/// or through the transport in a process without the filter, whose JVM has cached every name.
final class DnsRebindingProcess {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  private DnsRebindingProcess() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "client" -> postThroughClient(args[1]);
      case "transport" -> postThroughTransport(args[1]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void postThroughClient(String port) throws InterruptedException {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    HttpClientProperties.set();
    DnsEgressFilter.install(DnsRebindingTest.ONE_ADDRESS, Set.of());
    URI uri = URI.create("http://flip.test:" + port + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      count(ignored -> isDelivered(client, uri));
    }
  }

  private static void postThroughTransport(String port) throws InterruptedException {
    try (TransportFixture transport =
        TransportFixture.withResolver(
            DnsRebindingTest.ONE_ADDRESS, JvmResolver::resolveUnfiltered)) {
      count(number -> {
        String host = "n" + number + ".flip.test";
        return InetAddress.getAllByName(host).length > 0
            && transport.post("http://" + host + ":" + port + "/", LONG_TIMEOUT).isDelivered();
      });
    }
  }

  private interface Post {
    boolean isDelivered(int number) throws UnknownHostException;
  }

  private static void count(Post post) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger delivered = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    DnsRebindingTest.inParallel(() -> {
      try {
        for (int i = next.getAndIncrement();
            i < DnsRebindingTest.POSTS;
            i = next.getAndIncrement()) {
          (post.isDelivered(i) ? delivered : denied).incrementAndGet();
        }
      } catch (UnknownHostException e) {
        throw new UncheckedIOException(e);
      }
    });
    System.out.println("sent " + (delivered.get() + denied.get()));
    System.out.println("delivered " + delivered);
    System.out.println("denied " + denied);
  }

  private static boolean isDelivered(HttpClient client, URI uri) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(LONG_TIMEOUT)
            .POST(BodyPublishers.ofString("{}"))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 204;
    } catch (ConnectException ignored) {
      return false;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
