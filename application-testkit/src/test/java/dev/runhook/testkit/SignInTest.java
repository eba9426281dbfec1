package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal.SessionIsOver;
import dev.runhook.application.Refusal.TokenDamaged;
import dev.runhook.application.Refusal.TokenUnknown;
import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.access.AccessRules;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.SignIn.Started;
import dev.runhook.application.access.TokenAdmin.Created;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.TokenScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// People at the page: a token is shown once, then a session goes on.
class SignInTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Desk desk = new Desk();
  private final SignIn signIn = at(desk);

  private static SignIn at(Desk desk) {
    return SignIn.using(
        desk.store, desk.access, new SignIn.Sources(new Random(5), desk.clock.ticker()));
  }

  private static Started start(SignIn signIn, Created token) {
    return signIn.signIn(token.text().reveal(), Desk.HERE);
  }

  private static SignIn.Ongoing resume(SignIn signIn, Started started) {
    return signIn.resume(started.key().reveal(), Desk.HERE);
  }

  private static void refuse(SignIn signIn, Started started) {
    assertThat(refusalOf(() -> resume(signIn, started))).isEqualTo(new SessionIsOver());
  }

  @Test
  void a_session_opens_what_its_token_opens_in_every_process() {
    Created token = desk.create("ada");

    Started started = start(signIn, token);

    assertThat(started.ongoing().grant()).isEqualTo(token.token().grant());
    assertThat(resume(signIn, started).grant()).isEqualTo(token.token().grant());
    assertThat(resume(at(desk.another()), started).grant()).isEqualTo(token.token().grant());
  }

  @Test
  void what_is_nobodys_begins_nothing() {
    String foreign = "nobody's";
    String damaged = desk.create("ada").text().reveal().replaceAll(".$", "");

    assertThat(refusalOf(() -> signIn.signIn(foreign, Desk.HERE))).isEqualTo(new TokenUnknown());
    assertThat(refusalOf(() -> signIn.signIn(damaged, Desk.HERE))).isEqualTo(new TokenDamaged());
  }

  @Test
  void a_session_that_is_not_used_is_over() {
    Started started = start(signIn, desk.create("ada"));

    desk.pass(PageSession.IDLE);

    refuse(signIn, started);
  }

  @Test
  void a_session_that_is_used_goes_on_and_is_over_in_the_end() {
    Started started = start(signIn, desk.create("ada"));

    for (Duration used = HOUR; used.compareTo(PageSession.LONGEST) < 0; used = used.plus(HOUR)) {
      desk.pass(HOUR);
      assertThat(resume(signIn, started).session().endsAt())
          .isEqualTo(started.ongoing().session().endsAt());
    }

    desk.pass(HOUR);
    refuse(signIn, started);
  }

  @Test
  void a_session_that_was_signed_out_is_over_in_every_process() {
    Started started = start(signIn, desk.create("ada"));
    SignIn elsewhere = at(desk.another());
    resume(elsewhere, started);

    signIn.signOut(started.key().reveal());

    refuse(signIn, started);
    refuse(elsewhere, started);
    signIn.signOut(started.key().reveal());
    signIn.signOut("no key");
  }

  @Test
  void a_session_is_over_with_its_token() {
    Created token = desk.create("ada");
    Started started = start(signIn, token);
    SignIn elsewhere = at(desk.another());
    resume(elsewhere, started);

    desk.admin.revoke(TokenScope.of(Desk.OPERATOR), token.token().grant().token(), World.ADA);

    refuse(signIn, started);
    desk.pass(AccessRules.usual().life());
    refuse(elsewhere, started);
  }

  @Test
  void only_a_hash_of_the_key_is_kept_and_neither_is_shown() {
    Started started = start(signIn, desk.create("ada"));

    assertThat(started.ongoing().session().id().hex()).isNotEqualTo(started.key().reveal());
    assertThat(started.toString()).doesNotContain(started.key().reveal());
    assertThat(SessionKey.parse(started.key().reveal())).isPresent();
  }

  @Test
  void what_is_over_does_not_stay_in_the_store() {
    Started old = start(signIn, desk.create("ada"));
    desk.pass(PageSession.LONGEST);

    start(signIn, desk.create("bob"));

    desk.store.run(unit -> {
      assertThat(unit.sessions().find(old.ongoing().session().id())).isEmpty();
    });
  }

  @Test
  void keys_that_are_nobodys_are_looked_up_a_few_times_and_lock_nobody_out() {
    Started started = start(signIn, desk.create("ada"));
    Random random = new Random(9);
    for (int i = 0; i < 30; i++) {
      String key = SessionKey.generate(random).reveal();
      assertThat(refusalOf(() -> signIn.resume(key, Desk.HERE))).isEqualTo(new SessionIsOver());
    }
    int before = desk.store.transactions();

    String key = SessionKey.generate(random).reveal();
    assertThat(refusalOf(() -> signIn.resume(key, Desk.HERE))).isInstanceOf(TooManyRequests.class);

    assertThat(desk.store.transactions()).isEqualTo(before);
    resume(signIn, started);
  }

  @Test
  void using_a_session_writes_once_a_minute_at_most() {
    Started started = start(signIn, desk.create("ada"));
    desk.pass(Duration.ofSeconds(50));
    resume(signIn, started);
    assertThat(usedAt(started)).isEqualTo(started.ongoing().session().usedAt());

    desk.pass(Duration.ofSeconds(11));
    resume(signIn, started);

    assertThat(usedAt(started)).isEqualTo(started.ongoing().session().usedAt().plusSeconds(61));
  }

  private Instant usedAt(Started started) {
    return desk.store.inTransaction(
        unit -> unit.sessions().find(started.ongoing().session().id()).orElseThrow().usedAt());
  }
}
