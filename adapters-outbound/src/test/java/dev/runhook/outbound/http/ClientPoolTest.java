package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.HttpClientProperties;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ClientPoolTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  private final BodyWatchdog watchdog = new BodyWatchdog();
  private final List<HttpClient> clients = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    watchdog.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void an_idle_client_is_closed_and_the_next_request_gets_another() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ClientPool pool = new ClientPool(this::newClient, watchdog, Duration.ofMillis(100))) {
      URI uri = URI.create("http://127.0.0.1:" + receiver.port() + "/");

      Outcome first = post(pool, uri);
      boolean closed = clients.getFirst().awaitTermination(LONG_TIMEOUT);
      Outcome second = post(pool, uri);

      assertThat(closed).isTrue();
      assertThat(List.of(first, second)).containsOnly(Responded.of(204));
      assertThat(clients).hasSize(2);
    }
  }

  private HttpClient newClient() {
    HttpClientProperties.set();
    HttpClient client = HttpClient.newHttpClient();
    clients.add(client);
    return client;
  }

  private Outcome post(ClientPool pool, URI uri) throws InterruptedException {
    DeliveryExchange exchange =
        new DeliveryExchange(
            uri,
            Deadline.after(LONG_TIMEOUT),
            watchdog,
            new ResponseMapper(TransportFixture.CLOCK),
            new ExceptionMapper(LONG_TIMEOUT, Optional.empty()));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(Version.HTTP_1_1)
            .POST(BodyPublishers.ofString("{}"))
            .build();
    pool.run(exchange, ConnectionKey.of(TransportFixture.ACME, uri), request);
    return exchange.outcome();
  }
}
