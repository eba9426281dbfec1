package dev.runhook.application.access;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.access.TokenAdmin.CreatedToken;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.NotAuthenticated;
import dev.runhook.application.refusal.Refusal.TokenMalformed;
import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.testkit.AccessFixture;
import dev.runhook.testkit.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TokenCacheTest {
  private static final Duration TTL = AccessConfig.defaults().ttl();

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final AccessFixture auth = new AccessFixture(store);
  private final Random random = new Random(11);

  @Test
  void a_created_token_authenticates_with_its_grant() {
    CreatedToken created = auth.createToken("ci");

    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());
  }

  @Test
  void a_token_is_cached_until_its_ttl_ends() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);
    int before = auth.store.transactions();

    for (int i = 0; i < 100; i++) {
      auth.authenticate(created);
    }

    assertThat(auth.store.transactions()).isEqualTo(before);
    auth.advance(TTL);
    auth.authenticate(created);
    auth.authenticate(created);
    assertThat(auth.store.transactions()).isEqualTo(before + 1);
  }

  @Test
  void no_request_waits_for_the_store_while_a_timer_confirms_the_tokens() {
    CreatedToken one = auth.createToken("one");
    CreatedToken two = auth.createToken("two");
    auth.authenticate(one);
    auth.authenticate(two);
    int before = auth.store.transactions();

    for (int i = 0; i < 10; i++) {
      auth.advance(TTL.dividedBy(2));
      auth.access.confirmTokens();
      auth.authenticate(one);
      auth.authenticate(two);
    }

    assertThat(auth.store.transactions()).as("one for each call").isEqualTo(before + 10);
  }

  @Test
  void a_confirmation_removes_a_token_that_another_process_has_revoked() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);
    revoke(auth.anotherProcess(), created);

    auth.access.confirmTokens();

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void known_tokens_work_for_an_hour_while_the_store_is_unavailable() {
    Instant expiry = auth.clock.instant().plus(Duration.ofMinutes(30));
    CreatedToken created = auth.createToken("ci");
    CreatedToken expiring = createToken(expiry);
    CreatedToken unknown = auth.createToken("unknown");
    auth.authenticate(created);
    auth.authenticate(expiring);
    auth.store.fail(true);

    auth.advance(Duration.ofMinutes(29));
    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());
    assertThat(auth.authenticate(expiring)).isEqualTo(expiring.token().grant());
    assertThatThrownBy(() -> auth.authenticate(unknown))
        .isInstanceOf(StoreUnavailableException.class);

    auth.advance(Duration.ofMinutes(1));
    assertThatThrownBy(() -> auth.authenticate(expiring))
        .isInstanceOf(StoreUnavailableException.class);

    auth.advance(Duration.ofMinutes(30));
    assertThatThrownBy(() -> auth.authenticate(created))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void a_token_revoked_during_an_outage_stops_working_when_the_store_answers_again() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);
    revoke(auth.anotherProcess(), created);
    auth.store.fail(true);
    auth.advance(TTL);
    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());

    auth.store.fail(false);
    auth.access.confirmTokens();

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_revoked_token_stops_working_immediately_in_this_process() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);

    revoke(auth, created);

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_token_revoked_by_another_process_stops_working_after_the_ttl() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);

    revoke(auth.anotherProcess(), created);

    auth.advance(TTL);
    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_token_revoked_during_its_lookup_is_not_cached() {
    CreatedToken created = auth.createToken("ci");
    auth.store.afterNextTransaction(() -> revoke(auth, created));

    auth.authenticate(created);

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_revoked_token_is_not_accepted_while_the_store_answers_slowly() {
    CreatedToken created = auth.createToken("ci");
    CreatedToken revoked = auth.createToken("old");
    auth.authenticate(created);
    auth.authenticate(revoked);
    revoke(auth.anotherProcess(), revoked);
    auth.advance(Duration.ofMinutes(30));
    List<Refusal> refusals = new ArrayList<>();
    auth.store.afterNextTransaction(() -> refusals.add(refusalFor(revoked.secret().reveal())));

    auth.authenticate(created);

    assertThat(refusals).containsExactly(new NotAuthenticated());
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_request_does_not_wait_for_a_store_that_does_not_answer_another_thread() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);
    auth.advance(TTL);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    auth.store.afterNextTransaction(() -> {
      asked.countDown();
      await(answered);
    });
    CompletableFuture<Void> timer = CompletableFuture.runAsync(auth.access::confirmTokens);
    await(asked);

    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());

    answered.countDown();
    timer.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void requests_notice_the_end_of_an_outage_without_a_timer() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);
    revoke(auth.anotherProcess(), created);
    auth.store.fail(true);
    auth.advance(TTL);
    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());
    auth.store.fail(false);

    auth.advance(TTL.multipliedBy(2));

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_malformed_token_never_reaches_the_store() {
    String text = auth.createToken("ci").secret().reveal();
    String mistyped =
        text.substring(0, 10) + (text.charAt(10) == 'x' ? 'y' : 'x') + text.substring(11);
    int before = auth.store.transactions();

    for (int i = 0; i < 15; i++) {
      assertThat(refusalFor("a-token-of-24-characters-or-more")).isEqualTo(new NotAuthenticated());
      assertThat(refusalFor(mistyped)).isEqualTo(new TokenMalformed());
    }

    assertThat(auth.store.transactions()).isEqualTo(before);
  }

  @Test
  void unknown_tokens_are_limited_per_client_address() {
    auth.createToken("ci");

    for (int i = 0; i < 30; i++) {
      assertThat(refusalFor(randomToken())).isEqualTo(new NotAuthenticated());
    }
    for (int i = 0; i < 100; i++) {
      assertThat(refusalFor(randomToken())).isEqualTo(new TooManyRequests(Duration.ofSeconds(1)));
    }

    assertThat(refusalOf(() -> auth.authenticate(randomToken(), "192.0.2.2")))
        .isEqualTo(new NotAuthenticated());
    auth.advance(Duration.ofSeconds(1));
    assertThat(refusalFor(randomToken())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void lookups_of_one_unknown_token_are_limited() {
    auth.createToken("ci");
    String unknown = randomToken();
    int before = auth.store.transactions();

    for (int i = 0; i < 100; i++) {
      String address = "192.0.2." + i;
      refusalOf(() -> auth.authenticate(unknown, address));
    }

    assertThat(auth.store.transactions()).isEqualTo(before + 30);
  }

  @Test
  void guesses_from_an_address_do_not_lock_out_its_valid_tokens() {
    CreatedToken known = auth.createToken("ci");
    CreatedToken uncached = auth.createToken("late");
    auth.authenticate(known);

    for (int i = 0; i < 200; i++) {
      refusalFor(randomToken());
    }

    assertThat(auth.authenticate(known)).isEqualTo(known.token().grant());
    assertThat(auth.authenticate(uncached)).isEqualTo(uncached.token().grant());
  }

  @Test
  void an_expired_token_stops_working() {
    Instant expiry = auth.clock.instant().plus(Duration.ofHours(1));
    CreatedToken created = createToken(expiry);
    assertThat(auth.authenticate(created)).isEqualTo(created.token().grant());

    auth.advance(Duration.ofHours(1));

    assertThat(refusalFor(created.secret().reveal())).isEqualTo(new NotAuthenticated());
    assertThat(refusalOf(() -> createToken(expiry))).isEqualTo(new Refusal.ExpiryInPast());
  }

  @Test
  void a_renamed_token_has_its_new_name_immediately() {
    CreatedToken created = auth.createToken("ci");
    auth.authenticate(created);

    auth.admin.rename(TokenScope.all(), created.token().grant().token(), "build", ADA);

    assertThat(auth.authenticate(created).name()).isEqualTo("build");
  }

  @Test
  void the_last_use_of_tokens_is_saved_only_by_a_flush_in_one_transaction() {
    CreatedToken one = auth.createToken("one");
    CreatedToken two = auth.createToken("two");
    CreatedToken unused = auth.createToken("unused");
    auth.authenticate(one);
    auth.authenticate(two);
    Instant used = auth.clock.instant();
    int before = auth.store.transactions();
    auth.authenticate(one);
    auth.advance(Duration.ofSeconds(4));

    assertThat(stored(one).lastUsedAt()).isEmpty();
    auth.access.flush();
    auth.access.flush();

    assertThat(auth.store.transactions()).as("one read above, one write").isEqualTo(before + 2);
    assertThat(stored(one).lastUsedAt()).contains(used);
    assertThat(stored(two).lastUsedAt()).contains(used);
    assertThat(stored(unused).lastUsedAt()).isEmpty();
  }

  @Test
  void a_token_can_burst_to_twice_its_rate() {
    AccessFixture limited =
        new AccessFixture(store, AccessConfig.defaults().withRequestsPerSecond(2));
    CreatedToken created = limited.createToken("ci");
    CreatedToken other = limited.createToken("other");

    for (int i = 0; i < 4; i++) {
      limited.authenticate(created);
    }

    assertThat(refusalOf(() -> limited.authenticate(created)))
        .isEqualTo(new TooManyRequests(Duration.ofSeconds(1)));
    assertThat(limited.authenticate(other)).isEqualTo(other.token().grant());
    limited.advance(Duration.ofMillis(500));
    assertThat(limited.authenticate(created)).isEqualTo(created.token().grant());
  }

  @Test
  void a_large_batch_is_admitted_and_delays_the_next_report_of_the_account() {
    AccessFixture limited =
        new AccessFixture(store, AccessConfig.defaults().withTransitionsPerSecond(2));
    Grant grant = limited.authenticate(limited.createToken("ci"));
    Grant other = limited.authenticate(limited.createToken("other"));

    limited.access.acquireTransitions(grant.account(), 10);

    assertThat(refusalOf(() -> limited.access.acquireTransitions(other.account(), 1)))
        .isEqualTo(new TooManyRequests(Duration.ofSeconds(4)));
    assertThat(limited.authenticate(limited.createToken("more")).name()).isEqualTo("more");
  }

  @Test
  void the_rest_of_the_request_limit_is_known() {
    AccessFixture limited =
        new AccessFixture(store, AccessConfig.defaults().withRequestsPerSecond(5));
    Grant grant = limited.authenticate(limited.createToken("ci"));

    assertThat(limited.access.requestLimit(grant))
        .contains(new RateLimit(10, Duration.ofSeconds(2), 9, Duration.ofSeconds(1)));
  }

  private CreatedToken createToken(Instant expiry) {
    return auth.admin.create(
        new CreateTokenRequest("ci", Role.WRITER, new StackScope.All(), Optional.of(expiry)),
        AccessFixture.OPERATOR);
  }

  private Token stored(CreatedToken created) {
    return auth.store
        .<Optional<Token>>inTransaction(unit -> unit.tokens().find(created.token().grant().token()))
        .orElseThrow();
  }

  private static void revoke(AccessFixture auth, CreatedToken created) {
    auth.admin.revoke(TokenScope.all(), created.token().grant().token(), ADA);
  }

  private Refusal refusalFor(String text) {
    return refusalOf(() -> auth.authenticate(text, AccessFixture.CLIENT_IP));
  }

  private String randomToken() {
    return TokenSecret.generate(random).reveal();
  }
}
