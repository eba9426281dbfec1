package dev.runhook.application.access;

import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal.SessionExpired;
import dev.runhook.application.Refusal.TokenMalformed;
import dev.runhook.application.Refusal.TokenUnknown;
import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.access.SignIn.NewSession;
import dev.runhook.application.access.TokenAdmin.CreatedToken;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.WebSession;
import dev.runhook.testkit.AccessFixture;
import dev.runhook.testkit.ApplicationFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// People at the page: a token is shown once, then a session goes on.
class SignInTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final AccessFixture auth = new AccessFixture();
  private final SignIn signIn = at(auth);

  private static SignIn at(AccessFixture desk) {
    return SignIn.using(desk.store, desk.access, new Random(5), desk.clock.ticker());
  }

  private static NewSession start(SignIn signIn, CreatedToken token) {
    return signIn.signIn(token.secret().reveal(), AccessFixture.CLIENT_IP);
  }

  private static SignIn.ActiveSession resume(SignIn signIn, NewSession newSession) {
    return signIn.resume(newSession.key().reveal(), AccessFixture.CLIENT_IP);
  }

  private static void refuse(SignIn signIn, NewSession newSession) {
    assertThat(refusalOf(() -> resume(signIn, newSession))).isEqualTo(new SessionExpired());
  }

  @Test
  void a_session_has_the_grant_of_its_token_in_every_process() {
    CreatedToken token = auth.createToken("ada");

    NewSession newSession = start(signIn, token);

    assertThat(newSession.active().grant()).isEqualTo(token.token().grant());
    assertThat(resume(signIn, newSession).grant()).isEqualTo(token.token().grant());
    assertThat(resume(at(auth.anotherProcess()), newSession).grant())
        .isEqualTo(token.token().grant());
  }

  @Test
  void an_unknown_or_malformed_token_cannot_sign_in() {
    String foreign = "nobody's";
    String damaged = auth.createToken("ada").secret().reveal().replaceAll(".$", "");

    assertThat(refusalOf(() -> signIn.signIn(foreign, AccessFixture.CLIENT_IP)))
        .isEqualTo(new TokenUnknown());
    assertThat(refusalOf(() -> signIn.signIn(damaged, AccessFixture.CLIENT_IP)))
        .isEqualTo(new TokenMalformed());
  }

  @Test
  void an_idle_session_expires() {
    NewSession newSession = start(signIn, auth.createToken("ada"));

    auth.advance(WebSession.IDLE_TIMEOUT);

    refuse(signIn, newSession);
  }

  @Test
  void an_active_session_lasts_until_its_maximum_lifetime() {
    NewSession newSession = start(signIn, auth.createToken("ada"));

    for (Duration used = HOUR;
        used.compareTo(WebSession.MAX_LIFETIME) < 0;
        used = used.plus(HOUR)) {
      auth.advance(HOUR);
      assertThat(resume(signIn, newSession).session().expiresAt())
          .isEqualTo(newSession.active().session().expiresAt());
    }

    auth.advance(HOUR);
    refuse(signIn, newSession);
  }

  @Test
  void signing_out_ends_the_session_in_every_process() {
    NewSession newSession = start(signIn, auth.createToken("ada"));
    SignIn elsewhere = at(auth.anotherProcess());
    resume(elsewhere, newSession);

    signIn.signOut(newSession.key().reveal());

    refuse(signIn, newSession);
    refuse(elsewhere, newSession);
    signIn.signOut(newSession.key().reveal());
    signIn.signOut("no key");
  }

  @Test
  void revoking_a_token_ends_its_sessions() {
    CreatedToken token = auth.createToken("ada");
    NewSession newSession = start(signIn, token);
    SignIn elsewhere = at(auth.anotherProcess());
    resume(elsewhere, newSession);

    auth.admin.revoke(
        TokenScope.of(AccessFixture.OPERATOR),
        token.token().grant().token(),
        ApplicationFixture.ADA);

    refuse(signIn, newSession);
    auth.advance(AccessConfig.defaults().ttl());
    refuse(elsewhere, newSession);
  }

  @Test
  void only_a_hash_of_the_key_is_stored_and_neither_is_printed() {
    NewSession newSession = start(signIn, auth.createToken("ada"));

    assertThat(newSession.active().session().id().hex()).isNotEqualTo(newSession.key().reveal());
    assertThat(newSession.toString()).doesNotContain(newSession.key().reveal());
    assertThat(SessionKey.parse(newSession.key().reveal())).isPresent();
  }

  @Test
  void expired_sessions_are_deleted_from_the_store() {
    NewSession old = start(signIn, auth.createToken("ada"));
    auth.advance(WebSession.MAX_LIFETIME);

    start(signIn, auth.createToken("bob"));

    auth.store.run(unit -> {
      assertThat(unit.sessions().find(old.active().session().id())).isEmpty();
    });
  }

  @Test
  void lookups_of_unknown_keys_are_limited_without_locking_out_sessions() {
    NewSession newSession = start(signIn, auth.createToken("ada"));
    Random random = new Random(9);
    for (int i = 0; i < 30; i++) {
      String key = SessionKey.generate(random).reveal();
      assertThat(refusalOf(() -> signIn.resume(key, AccessFixture.CLIENT_IP)))
          .isEqualTo(new SessionExpired());
    }
    int before = auth.store.transactions();

    String key = SessionKey.generate(random).reveal();
    assertThat(refusalOf(() -> signIn.resume(key, AccessFixture.CLIENT_IP)))
        .isInstanceOf(TooManyRequests.class);

    assertThat(auth.store.transactions()).isEqualTo(before);
    resume(signIn, newSession);
  }

  @Test
  void using_a_session_writes_at_most_once_a_minute() {
    NewSession newSession = start(signIn, auth.createToken("ada"));
    auth.advance(Duration.ofSeconds(50));
    resume(signIn, newSession);
    assertThat(usedAt(newSession)).isEqualTo(newSession.active().session().lastUsedAt());

    auth.advance(Duration.ofSeconds(11));
    resume(signIn, newSession);

    assertThat(usedAt(newSession))
        .isEqualTo(newSession.active().session().lastUsedAt().plusSeconds(61));
  }

  private Instant usedAt(NewSession newSession) {
    return auth.store.inTransaction(unit ->
        unit.sessions().find(newSession.active().session().id()).orElseThrow().lastUsedAt());
  }
}
