package dev.runhook.outbound.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.DnsCache.Resolution.Resolved;
import dev.runhook.outbound.egress.DnsCache.Resolution.Unresolved;
import dev.runhook.outbound.http.LeakedThreads;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long results are used, on a clock that the tests set.
final class DnsCacheTest {
  private static final AccountId ACME = new AccountId("acme");
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Resolved FIRST = new Resolved(List.of(LiteralAddress.of("192.0.2.1")));
  private static final Resolved SECOND = new Resolved(List.of(LiteralAddress.of("192.0.2.2")));

  private final AtomicLong nanoTime = new AtomicLong();
  private final CountDownLatch released = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> hanging = new LinkedBlockingQueue<>();
  private volatile boolean hangs;
  private volatile List<InetAddress> addresses = FIRST.addresses();
  private final DnsCache cache = new DnsCache(this::resolve, nanoTime::get);

  @AfterEach
  void close() throws InterruptedException {
    cache.close();
    released.countDown();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void an_address_that_worked_stays_in_use_for_as_long_as_no_thread_is_free() throws Exception {
    assertThat(cache.resolve(ACME, "known.test", LONG)).isEqualTo(FIRST);
    holdAllThreads();

    pass(Duration.ofHours(1));

    assertThat(cache.resolve(ACME, "known.test", LONG)).isEqualTo(FIRST);
    assertThat(cache.resolve(ACME, "new.test", SHORT))
        .isEqualTo(
            new Unresolved("new.test was not looked up: too many other DNS lookups are hanging"));
  }

  @Test
  void an_address_is_looked_up_again_once_a_thread_is_free() throws Exception {
    cache.resolve(ACME, "known.test", LONG);
    holdAllThreads();
    pass(Duration.ofHours(1));
    cache.resolve(ACME, "known.test", LONG);
    addresses = SECOND.addresses();

    released.countDown();
    Resolution afterwards = cache.resolve(ACME, "other.test", LONG);

    assertThat(afterwards).isEqualTo(SECOND);
    assertThat(cache.resolve(ACME, "known.test", LONG)).isEqualTo(SECOND);
  }

  @Test
  void an_address_that_worked_stays_in_use_for_five_minutes_if_its_lookup_hangs() throws Exception {
    cache.resolve(ACME, "known.test", LONG);
    pass(Duration.ofHours(1));
    hangs = true;

    Resolution first = cache.resolve(ACME, "known.test", LONG);
    pass(DnsCache.USABLE.minusSeconds(1));
    Resolution last = cache.resolve(ACME, "known.test", LONG);
    pass(Duration.ofSeconds(1));
    Resolution later = cache.resolve(ACME, "known.test", LONG);

    assertThat(List.of(first, last)).containsOnly(FIRST);
    assertThat(later)
        .isEqualTo(new Unresolved("the DNS lookup of known.test timed out; check its DNS servers"));
  }

  @Test
  void a_name_that_waited_for_a_thread_is_not_cached_as_a_slow_failure() throws Exception {
    holdAllThreads();
    addresses = List.of();
    cache.resolve(ACME, "new.test", SHORT);
    pass(Duration.ofMinutes(1));

    released.countDown();
    Resolution unknown = cache.resolve(ACME, "new.test", LONG);
    addresses = FIRST.addresses();
    pass(Duration.ofSeconds(5));

    assertThat(unknown)
        .isEqualTo(
            new Unresolved("DNS has no address for new.test; check the host of the endpoint"));
    assertThat(cache.resolve(ACME, "new.test", LONG)).isEqualTo(FIRST);
  }

  private void pass(Duration duration) {
    nanoTime.addAndGet(duration.toNanos());
  }

  /// Each account leaves threads, so several are necessary.
  private void holdAllThreads() throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    for (int account = 0; account < 20; account++) {
      AccountId attacker = new AccountId("attacker" + account);
      for (int i = 0; i < LookupThreads.THREADS / 3; i++) {
        String host = "hangs" + i + "." + attacker + ".test";
        callers.add(Thread.startVirtualThread(() -> resolveShortly(attacker, host)));
      }
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int i = 0; i < LookupThreads.THREADS; i++) {
      hanging.take();
    }
  }

  private void resolveShortly(AccountId account, String host) {
    try {
      cache.resolve(account, host, SHORT);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    if (hangs || host.startsWith("hangs")) {
      hanging.add(host);
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException(e.toString());
      }
    }
    return addresses;
  }
}
