package dev.runhook.outbound.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.LeakedThreads;
import dev.runhook.outbound.http.TransportFixture;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where requests go, and where they do not. Names are answered by the tests; no real name is
/// looked up.
final class EgressCheckTest {
  private static final EgressPolicy PUBLIC_ONLY = new EgressPolicy(List.of());
  private static final EgressPolicy ONE_OF_LOOPBACK =
      new EgressPolicy(List.of(Network.parse("127.0.0.1")));
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.1");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.1.2.3",
        "[fd00:ec2::254]",
        "2130706433",
        "0177.0.0.1",
        "0x7f000001",
        "0"
      })
  void addresses_in_the_url_are_judged(String host) throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(PUBLIC_ONLY, EgressCheckTest::nowhere)) {
      assertThat(transportFixture.post("http://" + host + ":" + receiver.port() + "/"))
          .isInstanceOf(Blocked.class);
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void a_name_that_leads_inside_is_refused_with_the_rule() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(PUBLIC_ONLY, _ -> List.of(PRIVATE, HERE))) {

      Outcome outcome = transportFixture.post("http://inside.test:" + receiver.port() + "/");

      assertThat(outcome).isEqualTo(new Blocked("loopback 127.0.0.0/8"));
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void addresses_of_this_machine_are_refused_though_public() throws Exception {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    AddressPolicy rules = new AddressPolicy(PUBLIC_ONLY);
    AddressPolicy opened =
        new AddressPolicy(
            new EgressPolicy(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0"))));

    assertThat(own).isNotEmpty();
    assertThat(own)
        .allSatisfy(address ->
            assertThat(rules.evaluate(address)).isInstanceOf(EgressDecision.Denied.class));
    assertThat(own)
        .allSatisfy(address ->
            assertThat(opened.evaluate(address)).isInstanceOf(EgressDecision.Allowed.class));
  }

  /// Nobody but the test's own source knows the name, so a request that arrives went to the address
  /// that was judged.
  @Test
  void a_request_goes_to_the_judged_address_without_another_look_up() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK,
                _ -> {
                  asked.incrementAndGet();
                  return List.of(HERE);
                })) {

      assertThat(transportFixture.post("http://pinned.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(transportFixture.post("http://Pinned.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(receiver.requests().getFirst()).contains("Host: pinned.test:" + receiver.port());
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void of_several_addresses_only_the_allowed_are_called() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(
                ONE_OF_LOOPBACK, _ -> List.of(PRIVATE, InetAddress.ofLiteral("127.0.0.2"), HERE))) {
      assertThat(transportFixture.post("http://mixed.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
    }
  }

  @Test
  void an_unknown_name_is_a_dns_failure_and_asked_for_once() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (TransportFixture transportFixture =
        TransportFixture.withResolver(
            TransportFixture.LOOPBACK,
            host -> {
              asked.incrementAndGet();
              throw new UnknownHostException(host);
            })) {

      for (int i = 0; i < 3; i++) {
        assertThat(transportFixture.post("http://unknown.test/"))
            .isEqualTo(
                new NoResponse(
                    Cause.DNS_FAILURE,
                    "DNS knows no address of unknown.test; check the endpoint's host"));
      }
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void hanging_look_ups_end_in_time_and_hold_up_nobody_else() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, host -> hangsFor(host, "hangs.test", released, asked))) {
      long start = System.nanoTime();

      Outcome first = transportFixture.post("http://hangs.test/", Duration.ofSeconds(20));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Outcome second = transportFixture.post("http://hangs.test/", Duration.ofSeconds(20));
      Duration both = Duration.ofNanos(System.nanoTime() - start);

      assertThat(first)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.DNS_FAILURE));
      assertThat(second).isEqualTo(first);
      assertThat(took)
          .isBetween(CachedHost.LOOKUP_TIMEOUT, CachedHost.LOOKUP_TIMEOUT.plusSeconds(1));
      assertThat(both.minus(took)).isLessThan(Duration.ofSeconds(1));
      assertThat(transportFixture.post("http://well.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(asked).containsExactly("hangs.test", "well.test");
    } finally {
      released.countDown();
    }
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  /// Three hundred names that DNS is slow to deny hold all threads for seconds on end; who asks for
  /// another name meanwhile gets the next thread, not the last.
  @Test
  void a_crowd_of_dead_names_does_not_hold_up_a_new_one() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger dead = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, host -> deadAfterASecond(host, never, dead))) {
      List<Thread> crowd =
          IntStream.range(0, 300)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .start(() -> transportFixture.post("http://dead" + i + ".test/", LONG)))
              .toList();
      for (Thread one : crowd) {
        one.join();
      }
      assertThat(dead.get()).as("some still wait in line").isLessThan(300 - 24);
      long start = System.nanoTime();

      Outcome outcome = transportFixture.post("http://well.test:" + receiver.port() + "/", LONG);

      assertThat(outcome).isEqualTo(Responded.of(204));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CachedHost.LOOKUP_TIMEOUT);
    }
  }

  private static List<InetAddress> deadAfterASecond(
      String host, CountDownLatch never, AtomicInteger dead) throws UnknownHostException {
    if (host.equals("well.test")) {
      return List.of(HERE);
    }
    try {
      dead.incrementAndGet();
      assertThat(never.await(1, TimeUnit.SECONDS)).isFalse();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new UnknownHostException(host);
  }

  private static List<InetAddress> hangsFor(
      String host, String hanging, CountDownLatch released, ConcurrentLinkedQueue<String> asked)
      throws UnknownHostException {
    asked.add(host);
    try {
      if (host.equals(hanging)) {
        released.await();
      }
      return List.of(HERE);
    } catch (InterruptedException _) {
      throw new UnknownHostException(host);
    }
  }

  private static List<InetAddress> nowhere(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }
}
