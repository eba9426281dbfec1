package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.TokenDamaged;
import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.access.AccessRules;
import dev.runhook.application.access.TokenAdmin.Created;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Tokens in the store: found, known for a while, revoked, counted.
class KnownTokenTest {
  private static final Duration LIFE = AccessRules.usual().life();

  private final Desk desk = new Desk();
  private final Random random = new Random(11);

  @Test
  void a_token_opens_for_what_it_was_created_for() {
    Created created = desk.create("ci");

    assertThat(desk.show(created)).isEqualTo(created.token().grant());
  }

  @Test
  void a_token_that_was_seen_is_known_for_a_while() {
    Created created = desk.create("ci");
    desk.show(created);
    int before = desk.store.transactions();

    for (int i = 0; i < 100; i++) {
      desk.show(created);
    }

    assertThat(desk.store.transactions()).isEqualTo(before);
    desk.pass(AccessRules.usual().renewAfter());
    desk.show(created);
    desk.show(created);
    assertThat(desk.store.transactions()).isEqualTo(before + 1);
  }

  @Test
  void a_revoked_token_opens_nothing_here_from_then_on() {
    Created created = desk.create("ci");
    desk.show(created);

    revoke(desk, created);

    assertThat(refused(created.text().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_token_that_is_revoked_elsewhere_opens_nothing_after_the_life_of_what_is_known() {
    Created created = desk.create("ci");
    desk.show(created);

    revoke(desk.another(), created);

    desk.pass(LIFE);
    assertThat(refused(created.text().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void a_token_that_is_revoked_while_it_is_looked_up_is_not_known_afterwards() {
    Created created = desk.create("ci");
    desk.store.afterNext(() -> revoke(desk, created));

    desk.show(created);

    assertThat(refused(created.text().reveal())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void what_cannot_be_a_token_never_reaches_the_store() {
    String text = desk.create("ci").text().reveal();
    String mistyped =
        text.substring(0, 10) + (text.charAt(10) == 'x' ? 'y' : 'x') + text.substring(11);
    int before = desk.store.transactions();

    for (int i = 0; i < 100; i++) {
      assertThat(refused("a-token-of-24-characters-or-more")).isEqualTo(new NotAuthenticated());
      assertThat(refused(mistyped)).isEqualTo(new TokenDamaged());
    }

    assertThat(desk.store.transactions()).isEqualTo(before);
  }

  @Test
  void a_few_tokens_that_are_nobodys_are_looked_up_for_each_origin() {
    desk.create("ci");
    int before = desk.store.transactions();

    for (int i = 0; i < 30; i++) {
      assertThat(refused(guess())).isEqualTo(new NotAuthenticated());
    }
    for (int i = 0; i < 100; i++) {
      assertThat(refused(guess())).isEqualTo(new TooManyRequests(Duration.ofSeconds(1)));
    }

    assertThat(desk.store.transactions()).isEqualTo(before + 30);
    assertThat(refusalOf(() -> desk.show(guess(), "192.0.2.2"))).isEqualTo(new NotAuthenticated());
    desk.pass(Duration.ofSeconds(1));
    assertThat(refused(guess())).isEqualTo(new NotAuthenticated());
  }

  @Test
  void whoever_guesses_does_not_lock_out_those_who_were_there_before() {
    Created known = desk.create("ci");
    Created late = desk.create("late");
    desk.show(known);

    for (int i = 0; i < 200; i++) {
      refused(guess());
    }

    assertThat(desk.show(known)).isEqualTo(known.token().grant());
    desk.pass(LIFE);
    for (int i = 0; i < 200; i++) {
      refused(guess());
    }
    assertThat(desk.show(known)).isEqualTo(known.token().grant());
    assertThat(refused(late.text().reveal())).isInstanceOf(TooManyRequests.class);
    assertThat(desk.show(late.text().reveal(), "192.0.2.2")).isEqualTo(late.token().grant());
  }

  @Test
  void when_a_token_was_used_is_kept_by_the_timer_alone_and_in_one_go() {
    Created one = desk.create("one");
    Created two = desk.create("two");
    Created unused = desk.create("unused");
    desk.show(one);
    desk.show(two);
    Instant used = desk.clock.instant();
    int before = desk.store.transactions();
    desk.show(one);
    desk.pass(Duration.ofSeconds(4));

    assertThat(stored(one).lastUsedAt()).isEmpty();
    desk.access.tidy();
    desk.access.tidy();

    assertThat(desk.store.transactions()).as("one read above, one write").isEqualTo(before + 2);
    assertThat(stored(one).lastUsedAt()).contains(used);
    assertThat(stored(two).lastUsedAt()).contains(used);
    assertThat(stored(unused).lastUsedAt()).isEmpty();
  }

  @Test
  void a_token_may_make_twice_its_rate_at_once_and_then_waits() {
    Desk strict = new Desk(AccessRules.usual().atMost(2));
    Created created = strict.create("ci");
    Created other = strict.create("other");

    for (int i = 0; i < 4; i++) {
      strict.show(created);
    }

    assertThat(refusalOf(() -> strict.show(created)))
        .isEqualTo(new TooManyRequests(Duration.ofSeconds(1)));
    assertThat(strict.show(other)).isEqualTo(other.token().grant());
    strict.pass(Duration.ofMillis(500));
    assertThat(strict.show(created)).isEqualTo(created.token().grant());
  }

  @Test
  void a_request_that_counts_as_many_is_served_and_the_next_one_waits_for_it() {
    Desk strict = new Desk(AccessRules.usual().atMost(2));
    Created created = strict.create("ci");

    strict.access.charge(strict.show(created), 9);

    assertThat(refusalOf(() -> strict.show(created)))
        .isEqualTo(new TooManyRequests(Duration.ofSeconds(4)));
  }

  private Token stored(Created created) {
    return desk.store
        .<Optional<Token>>inTransaction(unit -> unit.tokens().find(created.token().grant().token()))
        .orElseThrow();
  }

  private static void revoke(Desk desk, Created created) {
    desk.admin.revoke(TokenScope.everything(), created.token().grant().token(), World.ADA);
  }

  private Refusal refused(String text) {
    return refusalOf(() -> desk.show(text, Desk.HERE));
  }

  private String guess() {
    return TokenText.generate(random).reveal();
  }
}
