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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that lead to a good address now and to a forbidden one then. One loopback address is
/// opened; on another one a canary listens on the same port.
final class DnsRebindingTest {
  static final EgressPolicy ONE_ADDRESS = new EgressPolicy(List.of(Network.parse("127.0.0.1")));
  static final int SENDS = 10_000;
  private static final int SENDERS = 8;
  private static final InetAddress GOOD = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress DEAD = InetAddress.ofLiteral("127.0.0.3");
  private static final Duration PATIENT = Duration.ofSeconds(20);

  /// So that each send connects, and looks up, anew.
  private static final HostileReceiver.Behavior ONCE =
      HostileBehaviors.respondsWith("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");

  private static final List<List<InetAddress>> ANSWERS =
      List.of(
          List.of(GOOD),
          List.of(ForbiddenServer.ADDRESS),
          List.of(ForbiddenServer.ADDRESS, GOOD),
          List.of(GOOD, ForbiddenServer.ADDRESS),
          List.of(DEAD, ForbiddenServer.ADDRESS));

  @Test
  void the_canary_would_notice() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ForbiddenServer forbiddenServer = ForbiddenServer.onPort(receiver.port());
        Socket caller = new Socket(ForbiddenServer.ADDRESS, receiver.port())) {

      assertThat(caller.getInputStream().read()).isNegative();

      assertThat(forbiddenServer.connections()).isEqualTo(1);
    }
  }

  @Test
  void ten_thousand_sends_to_flipping_names_never_reach_the_canary() throws Exception {
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicInteger delivered = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ForbiddenServer forbiddenServer = ForbiddenServer.onPort(receiver.port());
        TransportFixture transportFixture =
            TransportFixture.withResolver(ONE_ADDRESS, DnsRebindingTest::answer)) {

      inParallel(() -> {
        for (int i = next.getAndIncrement(); i < SENDS; i = next.getAndIncrement()) {
          Outcome outcome =
              transportFixture.post(
                  "http://n" + i + ".flip.test:" + receiver.port() + "/", PATIENT);
          boolean hasGood = ANSWERS.get(i % ANSWERS.size()).contains(GOOD);
          if (outcome instanceof Responded) {
            delivered.incrementAndGet();
          }
          if (hasGood ? !outcome.isDelivered() : !(outcome instanceof Blocked)) {
            wrong.add(i + ": " + outcome);
          }
        }
      });

      assertThat(forbiddenServer.connections()).isZero();
      assertThat(wrong).isEmpty();
      assertThat(delivered).hasValue(SENDS / ANSWERS.size() * 3);
    }
  }

  /// No transport of ours here, and no judging of requests: the JVM's own client, without its cache
  /// of names, while the system's answer changes all the time.
  @Test
  void a_guarded_process_never_reaches_the_canary_by_whatever_client() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(ONCE);
        ForbiddenServer forbiddenServer = ForbiddenServer.onPort(receiver.port())) {
      String provider = Path.of("src", "test", "flipping-provider").toAbsolutePath().toString();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  provider + File.pathSeparator + System.getProperty("java.class.path"),
                  DnsRebindingProcess.class.getName(),
                  String.valueOf(receiver.port()))
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).contains("sent " + SENDS);
      assertThat(number(said, "delivered")).isGreaterThan(SENDS / 10);
      assertThat(number(said, "denied")).isGreaterThan(SENDS / 10);
      assertThat(forbiddenServer.connections()).as(said).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_to_a_forbidden_place_is_not_followed(int status) throws Exception {
    AtomicInteger port = new AtomicInteger();
    HostileReceiver.Behavior redirects =
        connection -> {
          while (connection.readRequest()) {
            connection.write(
                "HTTP/1.1 "
                    + status
                    + " Elsewhere\r\nLocation: http://127.0.0.2:"
                    + port
                    + "/\r\nContent-Length: 0\r\n\r\n");
          }
        };
    try (HostileReceiver receiver = HostileReceiver.behaving(redirects);
        ForbiddenServer forbiddenServer = ForbiddenServer.onPort(receiver.port());
        TransportFixture transportFixture =
            TransportFixture.withResolver(ONE_ADDRESS, DnsRebindingTest::answer)) {
      port.set(receiver.port());

      Outcome outcome = transportFixture.post("http://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Responded.class, seen -> assertThat(seen.response().status()).isEqualTo(status));
      assertThat(forbiddenServer.connections()).isZero();
    }
  }

  private static List<InetAddress> answer(String host) {
    int number = Integer.parseInt(host.substring(1, host.indexOf('.')));
    return ANSWERS.get(number % ANSWERS.size());
  }

  static void inParallel(Runnable work) throws InterruptedException {
    List<Thread> threads =
        new ArrayList<>(
            Stream.generate(() -> Thread.ofVirtual().start(work)).limit(SENDERS).toList());
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static int number(String said, String what) {
    return said.lines()
        .filter(line -> line.startsWith(what + " "))
        .mapToInt(line -> Integer.parseInt(line.substring(what.length() + 1)))
        .findFirst()
        .orElse(-1);
  }
}
