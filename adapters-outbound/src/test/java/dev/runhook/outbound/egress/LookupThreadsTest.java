package dev.runhook.outbound.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.outbound.http.LeakedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LookupThreadsTest {
  private static final AccountId ACME = new AccountId("acme");
  private static final AccountId OTHER = new AccountId("other");

  private final LookupThreads threads = new LookupThreads();
  private final BlockingQueue<HangingLookup> started = new LinkedBlockingQueue<>();
  private final List<HangingLookup> lookups = new ArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    threads.close();
    lookups.forEach(HangingLookup::finish);
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void new_names_of_an_account_hold_less_than_half_of_the_free_threads() {
    requestMany(ACME, false);

    assertThat(countStarted()).isEqualTo(LookupThreads.THREADS / 3);
  }

  @Test
  void names_that_worked_hold_less_than_the_free_threads_next_to_new_names() {
    requestMany(ACME, false);

    requestMany(ACME, true);

    assertThat(countStarted()).isEqualTo(LookupThreads.THREADS / 2);
  }

  @Test
  void another_account_finds_a_free_thread() {
    requestMany(ACME, false);
    requestMany(ACME, true);

    HangingLookup other = request(OTHER, "other", false);

    assertThat(other.isStarted()).isTrue();
  }

  @Test
  void threads_that_become_free_go_to_the_accounts_in_turn() throws Exception {
    HangingLookup running = holdAllThreads();
    request(ACME, "acme 1", false);
    request(ACME, "acme 2", false);
    request(OTHER, "other 1", false);
    request(OTHER, "other 2", false);

    List<String> next = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running = startedAfter(running);
      next.add(running.name);
    }

    assertThat(next).containsExactly("acme 2", "other 2", "acme 1", "other 1");
  }

  @Test
  void names_that_worked_go_first() throws Exception {
    HangingLookup running = holdAllThreads();
    request(ACME, "worked", true);
    request(ACME, "new", false);

    assertThat(startedAfter(running).name).isEqualTo("worked");
  }

  @Test
  void a_name_that_waits_for_an_account_starts_at_once_for_another() throws Exception {
    requestMany(ACME, false);
    HangingLookup shared = request(ACME, "shared", false);

    threads.request(OTHER, shared.lookup);

    assertThat(shared.isStarted()).isTrue();
    lookups.forEach(HangingLookup::finish);
    List<HangingLookup> all = new ArrayList<>();
    while (all.size() < lookups.size()) {
      all.add(started.take());
    }
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void after_close_no_lookup_starts() {
    requestMany(ACME, false);
    int running = countStarted();

    threads.close();
    lookups.forEach(HangingLookup::finish);
    HangingLookup late = request(OTHER, "late", false);

    assertThat(late.isStarted()).isFalse();
    assertThat(countStarted()).isEqualTo(running);
  }

  /// Returns one of the lookups. Each account leaves threads, so several are necessary.
  private HangingLookup holdAllThreads() throws InterruptedException {
    for (int account = 0; countStarted() < LookupThreads.THREADS; account++) {
      AccountId attacker = new AccountId("attacker" + account);
      while (request(attacker, "hangs", false).isStarted()) {}
    }
    List<HangingLookup> running = new ArrayList<>();
    while (running.size() < LookupThreads.THREADS) {
      running.add(started.take());
    }
    return running.getFirst();
  }

  private HangingLookup startedAfter(HangingLookup finished) throws InterruptedException {
    finished.finish();
    return started.take();
  }

  private void requestMany(AccountId account, boolean hasWorked) {
    for (int i = 0; i < LookupThreads.THREADS; i++) {
      request(account, account + " " + i, hasWorked);
    }
  }

  private HangingLookup request(AccountId account, String name, boolean hasWorked) {
    HangingLookup lookup = new HangingLookup(name, hasWorked);
    lookups.add(lookup);
    threads.request(account, lookup.lookup);
    return lookup;
  }

  private int countStarted() {
    return (int) lookups.stream().filter(HangingLookup::isStarted).count();
  }

  private final class HangingLookup {
    private final String name;
    private final LookupThreads.Lookup lookup;
    private final CountDownLatch finished = new CountDownLatch(1);

    HangingLookup(String name, boolean hasWorked) {
      this.name = name;
      this.lookup = new LookupThreads.Lookup(hasWorked, System::nanoTime, this::run);
    }

    private void run() {
      started.add(this);
      boolean interrupted = false;
      while (!interrupted && finished.getCount() > 0) {
        try {
          finished.await();
        } catch (InterruptedException ignored) {
          interrupted = true;
        }
      }
    }

    boolean isStarted() {
      return lookup.isStarted();
    }

    void finish() {
      finished.countDown();
    }
  }
}
