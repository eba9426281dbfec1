package dev.runhook.outbound.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.LeakedThreads;
import dev.runhook.outbound.http.TransportFixture;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which targets are allowed. The tests resolve all names; no real name is looked up.
@Tag("slow")
final class PreConnectAddressCheckTest {
  private static final EgressPolicy PUBLIC_ONLY = new EgressPolicy(List.of());
  private static final EgressPolicy ONE_LOOPBACK_ADDRESS =
      new EgressPolicy(List.of(Network.parse("127.0.0.1")));
  private static final InetAddress LOCAL = LiteralAddress.of("127.0.0.1");
  private static final AccountId ACME = new AccountId("acme");
  private static final InetAddress UNUSED = LiteralAddress.of("127.0.0.3");
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);
  private static final InetAddress PRIVATE = LiteralAddress.of("10.0.0.1");

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
  void literal_addresses_are_checked(String host) throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(PUBLIC_ONLY, PreConnectAddressCheckTest::unknown)) {
      assertThat(transport.post("http://" + host + ":" + receiver.port() + "/"))
          .isInstanceOf(Blocked.class);
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void a_name_that_resolves_to_a_private_address_is_blocked_with_the_rule() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(PUBLIC_ONLY, ignored -> List.of(LOCAL, PRIVATE))) {

      Outcome outcome = transport.post("http://inside.test:" + receiver.port() + "/");

      assertThat(outcome).isEqualTo(new Blocked("loopback 127.0.0.0/8"));
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void public_addresses_of_this_machine_are_denied_unless_they_are_allowed() throws Exception {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    EgressPolicy all = new EgressPolicy(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")));

    assertThat(own).isNotEmpty();
    for (InetAddress address : own) {
      assertThat(evaluate(PUBLIC_ONLY, address))
          .isInstanceOf(PreConnectAddressCheck.Result.Denied.class);
      assertThat(evaluate(all, address)).isInstanceOf(PreConnectAddressCheck.Result.Allowed.class);
    }
  }

  private static PreConnectAddressCheck.Result evaluate(EgressPolicy policy, InetAddress resolved)
      throws InterruptedException {
    try (PreConnectAddressCheck check =
        new PreConnectAddressCheck(policy, ignored -> List.of(resolved))) {
      return check.evaluate(ACME, URI.create("http://own.test/"), LONG_TIMEOUT);
    }
  }

  /// Only the resolver of the test knows the name, so a request that arrives must have used the
  /// checked address.
  @Test
  void a_request_goes_to_the_checked_address_without_another_lookup() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK,
                ignored -> {
                  lookups.incrementAndGet();
                  return List.of(LOCAL);
                })) {

      assertThat(transport.post("http://pinned.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(transport.post("http://Pinned.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(receiver.requests().getFirst()).contains("Host: pinned.test:" + receiver.port());
      assertThat(receiver.connectionCount()).isEqualTo(1);
      assertThat(lookups).hasValue(1);
    }
  }

  @Test
  void an_address_that_does_not_respond_is_replaced_by_the_next_one() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, ignored -> List.of(UNUSED, LOCAL))) {
      String url = "http://two.test:" + receiver.port() + "/";

      List<Boolean> delivered = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        delivered.add(transport.post(url).isDelivered());
      }

      assertThat(delivered).containsExactly(false, true, true, true);
    }
  }

  @Test
  void after_the_last_address_the_first_one_is_used_again() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.SENDS_GARBAGE);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, ignored -> List.of(LOCAL, UNUSED))) {
      String url = "http://two.test:" + receiver.port() + "/";

      List<Cause> causes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        causes.add(((NoResponse) transport.post(url)).cause());
      }

      assertThat(causes)
          .containsExactly(
              Cause.MALFORMED_RESPONSE, Cause.CONNECTION_REFUSED, Cause.MALFORMED_RESPONSE);
    }
  }

  @Test
  void a_failure_of_an_account_does_not_change_the_address_that_another_one_uses()
      throws Exception {
    AtomicInteger connections = new AtomicInteger();
    HostileReceiver.Behavior failsOnce =
        connection -> {
          boolean isFirst = connections.getAndIncrement() == 0;
          (isFirst ? HostileBehaviors.SENDS_GARBAGE : HostileBehaviors.RESPONDS_204)
              .serve(connection);
        };
    try (HostileReceiver receiver = HostileReceiver.behaving(failsOnce);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, ignored -> List.of(LOCAL, UNUSED))) {
      String url = "http://two.test:" + receiver.port() + "/";

      Outcome first = transport.post(new AccountId("other"), url, LONG_TIMEOUT);
      Outcome second = transport.post(url);

      assertThat(first).isInstanceOf(NoResponse.class);
      assertThat(second).isEqualTo(Responded.of(204));
    }
  }

  /// The JVM's cache has `localhost` as 127.0.0.1, where the receiver listens.
  @Test
  void addresses_that_the_jvm_has_cached_are_not_used() throws Exception {
    InetAddress[] cached = InetAddress.getAllByName("localhost");
    EgressPolicy policy = new EgressPolicy(List.of(Network.parse("127.0.0.2")));
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        ForbiddenServer checked = ForbiddenServer.onPort(receiver.port());
        TransportFixture transport =
            TransportFixture.withResolver(policy, ignored -> List.of(ForbiddenServer.ADDRESS))) {

      Outcome outcome = transport.post("http://localhost:" + receiver.port() + "/");

      assertThat(cached).contains(LOCAL);
      assertThat(outcome.isDelivered()).isFalse();
      assertThat(receiver.connectionCount()).isZero();
      assertThat(checked.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void a_name_is_blocked_if_one_of_its_addresses_is_denied(int position) throws Exception {
    List<InetAddress> addresses = new ArrayList<>(List.of(LOCAL, LOCAL));
    addresses.add(position, PRIVATE);
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(ONE_LOOPBACK_ADDRESS, ignored -> addresses)) {

      Outcome outcome = transport.post("http://mixed.test:" + receiver.port() + "/");

      assertThat(outcome).isEqualTo(new Blocked("private network 10.0.0.0/8"));
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void a_stored_http_endpoint_is_blocked_when_only_https_is_allowed() throws Exception {
    EgressPolicy httpsOnly =
        new EgressPolicy(List.of(Network.parse("127.0.0.0/8")), List.of(), true);
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(httpsOnly, ignored -> List.of(LOCAL))) {
      assertThat(transport.post("http://plain.test:" + receiver.port() + "/"))
          .isEqualTo(new Blocked("only https is allowed"));
      assertThat(receiver.connectionCount()).isZero();
    }
  }

  @Test
  void an_unknown_name_is_a_dns_failure_and_is_looked_up_once() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (TransportFixture transport =
        TransportFixture.withResolver(
            TransportFixture.LOOPBACK,
            host -> {
              lookups.incrementAndGet();
              throw new UnknownHostException(host);
            })) {

      for (int i = 0; i < 3; i++) {
        assertThat(transport.post("http://unknown.test/"))
            .isEqualTo(
                new NoResponse(
                    Cause.DNS_FAILURE,
                    "DNS has no address for unknown.test; check the host of the endpoint"));
      }
      assertThat(lookups).hasValue(1);
    }
  }

  @Test
  void hanging_lookups_time_out_and_do_not_delay_other_names() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> lookups = new ConcurrentLinkedQueue<>();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK,
                host -> hangsFor(host, "hangs.test", released, lookups))) {
      long start = System.nanoTime();

      Outcome first = transport.post("http://hangs.test/", Duration.ofSeconds(20));
      Duration firstDuration = Duration.ofNanos(System.nanoTime() - start);
      Outcome second = transport.post("http://hangs.test/", Duration.ofSeconds(20));
      Duration both = Duration.ofNanos(System.nanoTime() - start);

      assertThat(first)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.DNS_FAILURE));
      assertThat(second).isEqualTo(first);
      assertThat(firstDuration)
          .isBetween(DnsCache.LOOKUP_TIMEOUT, DnsCache.LOOKUP_TIMEOUT.plusSeconds(1));
      assertThat(both.minus(firstDuration)).isLessThan(Duration.ofSeconds(1));
      assertThat(transport.post("http://working.test:" + receiver.port() + "/"))
          .isEqualTo(Responded.of(204));
      assertThat(lookups).containsExactly("hangs.test", "working.test");
    } finally {
      released.countDown();
    }
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  /// Three hundred names with slow DNS failures occupy all threads of the account for several
  /// seconds. Another name still gets the next free thread.
  @Test
  void many_names_with_slow_dns_failures_do_not_delay_another_name() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger started = new AtomicInteger();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(
                TransportFixture.LOOPBACK, host -> failsAfterOneSecond(host, never, started))) {
      List<Thread> threads =
          IntStream.range(0, 300)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .start(() -> transport.post("http://dead" + i + ".test/", LONG_TIMEOUT)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(started.get())
          .as("some lookups are still queued")
          .isLessThan(300 - LookupThreads.THREADS);
      long start = System.nanoTime();

      Outcome outcome =
          transport.post("http://working.test:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(outcome).isEqualTo(Responded.of(204));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DnsCache.LOOKUP_TIMEOUT);
    }
  }

  @Test
  void names_of_an_account_that_dns_never_answers_do_not_delay_another_account() throws Exception {
    AccountId attacker = new AccountId("attacker");
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(16);
    HostResolver resolver =
        host -> {
          if (host.startsWith("hangs")) {
            hanging.countDown();
            await(released);
          }
          return List.of(LOCAL);
        };
    List<Thread> attacks = new ArrayList<>();
    List<Duration> durations = new ArrayList<>();
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(TransportFixture.LOOPBACK, resolver)) {
      for (int i = 0; i < 400; i++) {
        String url = "http://hangs" + i + ".test/";
        attacks.add(Thread.startVirtualThread(() -> transport.post(attacker, url, LONG_TIMEOUT)));
      }
      hanging.await();

      for (int i = 0; i < 200; i++) {
        long start = System.nanoTime();
        Outcome outcome =
            transport.post(ACME, "http://new" + i + ".test:" + receiver.port() + "/", LONG_TIMEOUT);
        durations.add(Duration.ofNanos(System.nanoTime() - start));
        assertThat(outcome).isEqualTo(Responded.of(204));
      }
    } finally {
      released.countDown();
    }
    for (Thread attack : attacks) {
      attack.join();
    }

    durations.sort(null);
    assertThat(durations.get(197)).as("p99").isLessThan(Duration.ofMillis(250));
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  private static void await(CountDownLatch latch) throws UnknownHostException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new UnknownHostException(e.toString());
    }
  }

  private static List<InetAddress> failsAfterOneSecond(
      String host, CountDownLatch never, AtomicInteger started) throws UnknownHostException {
    if (host.equals("working.test")) {
      return List.of(LOCAL);
    }
    try {
      started.incrementAndGet();
      assertThat(never.await(1, TimeUnit.SECONDS)).isFalse();
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
    throw new UnknownHostException(host);
  }

  private static List<InetAddress> hangsFor(
      String host, String hanging, CountDownLatch released, ConcurrentLinkedQueue<String> lookups)
      throws UnknownHostException {
    lookups.add(host);
    try {
      if (host.equals(hanging)) {
        released.await();
      }
      return List.of(LOCAL);
    } catch (InterruptedException ignored) {
      throw new UnknownHostException(host);
    }
  }

  private static List<InetAddress> unknown(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }
}
