package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.HttpClientProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ClientPoolTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  private final BodyWatchdog watchdog = new BodyWatchdog();
  private final List<HttpClient> clients = new CopyOnWriteArrayList<>();
  private final Semaphore terminated = new Semaphore(0);

  @AfterEach
  void close() throws InterruptedException {
    watchdog.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void an_idle_client_is_closed_and_the_next_request_gets_another() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ClientPool pool = new ClientPool(this::newClient, watchdog, 2, Duration.ofMillis(100))) {

      Outcome first = post(pool, "a", receiver);
      boolean closed = clients.getFirst().awaitTermination(LONG_TIMEOUT);
      Outcome second = post(pool, "a", receiver);

      assertThat(closed).isTrue();
      assertThat(List.of(first, second)).containsOnly(Responded.of(204));
      assertThat(clients).hasSize(2);
    }
  }

  @Test
  void above_the_limit_the_least_recently_used_client_is_closed() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ClientPool pool = new ClientPool(this::newClient, watchdog, 2, LONG_TIMEOUT)) {
      for (String account : List.of("a", "b", "a", "c")) {
        assertThat(post(pool, account, receiver)).isEqualTo(Responded.of(204));
      }

      assertThat(clients).hasSize(3);
      assertThat(clients.get(1).awaitTermination(LONG_TIMEOUT)).isTrue();
      post(pool, "a", receiver);
      assertThat(clients).hasSize(3);
    }
  }

  @Test
  void accounts_above_the_limit_do_not_wait_and_leave_no_clients() throws Exception {
    CountDownLatch arrived = new CountDownLatch(3);
    CountDownLatch released = new CountDownLatch(1);
    HostileReceiver.Behavior waits =
        connection -> {
          connection.readRequest();
          arrived.countDown();
          await(released);
          connection.write("HTTP/1.1 204 No Content\r\n\r\n");
        };
    try (HostileReceiver receiver = HostileReceiver.behaving(waits);
        ClientPool pool = new ClientPool(this::newClient, watchdog, 1, LONG_TIMEOUT)) {
      List<Thread> posts = new ArrayList<>();
      for (String account : List.of("a", "b", "c")) {
        posts.add(Thread.startVirtualThread(() -> postQuietly(pool, account, receiver)));
      }
      boolean haveArrived = arrived.await(LONG_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      released.countDown();
      for (Thread post : posts) {
        post.join();
      }

      assertThat(haveArrived).isTrue();
      assertThat(clients).hasSize(3);
      assertThat(terminated.tryAcquire(2, LONG_TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(clients.stream().filter(client -> !client.isTerminated())).hasSize(1);
    }
  }

  @Test
  void a_client_that_cannot_be_created_is_not_counted() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Supplier<HttpClient> failsOnce =
        () -> {
          if (attempts.getAndIncrement() == 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return newClient();
        };
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ClientPool pool = new ClientPool(failsOnce, watchdog, 1, LONG_TIMEOUT)) {
      assertThatThrownBy(() -> post(pool, "a", receiver)).isInstanceOf(OutOfMemoryError.class);

      post(pool, "a", receiver);
      post(pool, "b", receiver);

      assertThat(clients.getFirst().awaitTermination(LONG_TIMEOUT)).isTrue();
      assertThat(clients).hasSize(2);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private HttpClient newClient() {
    HttpClientProperties.set();
    HttpClient client = HttpClient.newHttpClient();
    clients.add(client);
    Thread.startVirtualThread(() -> awaitTermination(client));
    return client;
  }

  private void awaitTermination(HttpClient client) {
    try {
      client.awaitTermination(LONG_TIMEOUT);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    terminated.release();
  }

  private void postQuietly(ClientPool pool, String account, HostileReceiver receiver) {
    try {
      post(pool, account, receiver);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome post(ClientPool pool, String account, HostileReceiver receiver)
      throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + receiver.port() + "/");
    DeliveryExchange exchange =
        new DeliveryExchange(
            uri,
            Deadline.after(LONG_TIMEOUT),
            watchdog,
            new OutcomeMapper(TransportFixture.CLOCK, LONG_TIMEOUT, Optional.empty()));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(Version.HTTP_1_1)
            .POST(BodyPublishers.ofString("{}"))
            .build();
    pool.run(exchange, ConnectionKey.of(new AccountId(account), uri), request);
    return exchange.outcome();
  }
}
