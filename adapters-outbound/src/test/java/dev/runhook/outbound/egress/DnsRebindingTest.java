package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.TransportFixture;
import java.io.File;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that resolve to an allowed address at one time and to a forbidden one at another. The
/// policy allows one loopback address. A server on a second one counts connections to the same
/// port.
@Tag("slow")
final class DnsRebindingTest {
  static final EgressPolicy ONE_ADDRESS = new EgressPolicy(List.of(Network.parse("127.0.0.1")));
  static final int POSTS = 10_000;
  private static final int THREADS = 8;
  private static final InetAddress ALLOWED = LiteralAddress.of("127.0.0.1");
  private static final InetAddress UNUSED = LiteralAddress.of("127.0.0.3");
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  /// Closes the connection, so that each request opens a new one with a new lookup.
  private static final HostileReceiver.Behavior ONCE =
      HostileBehaviors.respondsWith("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");

  private static final List<List<InetAddress>> RESOLUTIONS =
      List.of(
          List.of(ALLOWED),
          List.of(ForbiddenServer.ADDRESS),
          List.of(ForbiddenServer.ADDRESS, ALLOWED),
          List.of(ALLOWED, ForbiddenServer.ADDRESS),
          List.of(UNUSED, ForbiddenServer.ADDRESS));

  @Test
  void the_forbidden_server_counts_connections() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ForbiddenServer forbidden = ForbiddenServer.onPort(receiver.port());
        Socket caller = new Socket(ForbiddenServer.ADDRESS, receiver.port())) {

      assertThat(caller.getInputStream().read()).isNegative();

      assertThat(forbidden.connections()).isEqualTo(1);
    }
  }

  @Test
  void ten_thousand_posts_to_rebinding_names_never_reach_the_forbidden_server() throws Exception {
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    AtomicInteger delivered = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ForbiddenServer forbidden = ForbiddenServer.onPort(receiver.port());
        TransportFixture transport =
            TransportFixture.withResolver(ONE_ADDRESS, DnsRebindingTest::resolve)) {

      inParallel(() -> {
        for (int i = next.getAndIncrement(); i < POSTS; i = next.getAndIncrement()) {
          Outcome outcome =
              transport.post("http://n" + i + ".flip.test:" + receiver.port() + "/", LONG_TIMEOUT);
          boolean allowed = RESOLUTIONS.get(i % RESOLUTIONS.size()).equals(List.of(ALLOWED));
          if (outcome instanceof Responded) {
            delivered.incrementAndGet();
          }
          if (allowed ? !outcome.isDelivered() : !(outcome instanceof Blocked)) {
            unexpected.add(i + ": " + outcome);
          }
        }
      });

      assertThat(forbidden.connections()).isZero();
      assertThat(unexpected).isEmpty();
      assertThat(delivered).hasValue(POSTS / RESOLUTIONS.size());
    }
  }

  /// The addresses of the system change constantly. `client` uses the JDK's client without
  /// Runhook's transport and without the JVM's DNS cache, in a filtered process. `transport` uses
  /// the transport in a process like an embedding host, whose JVM has cached every name.
  @ParameterizedTest
  @ValueSource(strings = {"client", "transport"})
  void a_process_never_reaches_the_forbidden_server(String sender) throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(ONCE);
        ForbiddenServer forbidden = ForbiddenServer.onPort(receiver.port())) {
      String provider = Path.of("src", "test", "flipping-provider").toAbsolutePath().toString();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  provider + File.pathSeparator + System.getProperty("java.class.path"),
                  DnsRebindingProcess.class.getName(),
                  sender,
                  String.valueOf(receiver.port()))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("sent " + POSTS);
      assertThat(number(output, "delivered")).isGreaterThan(POSTS / 10);
      assertThat(number(output, "denied")).isGreaterThan(POSTS / 10);
      assertThat(forbidden.connections()).as(output).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_to_a_forbidden_address_is_not_followed(int status) throws Exception {
    AtomicInteger port = new AtomicInteger();
    HostileReceiver.Behavior redirects =
        connection -> {
          while (connection.readRequest()) {
            connection.write(
                "HTTP/1.1 "
                    + status
                    + " Redirect\r\nLocation: http://127.0.0.2:"
                    + port
                    + "/\r\nContent-Length: 0\r\n\r\n");
          }
        };
    try (HostileReceiver receiver = HostileReceiver.behaving(redirects);
        ForbiddenServer forbidden = ForbiddenServer.onPort(receiver.port());
        TransportFixture transport =
            TransportFixture.withResolver(ONE_ADDRESS, DnsRebindingTest::resolve)) {
      port.set(receiver.port());

      Outcome outcome = transport.post("http://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Responded.class, seen -> assertThat(seen.response().status()).isEqualTo(status));
      assertThat(forbidden.connections()).isZero();
    }
  }

  private static List<InetAddress> resolve(String host) {
    int number = Integer.parseInt(host.substring(1, host.indexOf('.')));
    return RESOLUTIONS.get(number % RESOLUTIONS.size());
  }

  static void inParallel(Runnable work) throws InterruptedException {
    List<Thread> threads =
        new ArrayList<>(
            Stream.generate(() -> Thread.ofVirtual().start(work)).limit(THREADS).toList());
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static int number(String output, String what) {
    return output
        .lines()
        .filter(line -> line.startsWith(what + " "))
        .mapToInt(line -> Integer.parseInt(line.substring(what.length() + 1)))
        .findFirst()
        .orElse(-1);
  }
}
