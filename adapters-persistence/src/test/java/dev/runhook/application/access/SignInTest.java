package dev.runhook.application.access;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.access.SignIn.NewSession;
import dev.runhook.application.access.TokenAdmin.CreatedToken;
import dev.runhook.application.refusal.Refusal.SessionExpired;
import dev.runhook.application.refusal.Refusal.SignInLinkInvalid;
import dev.runhook.application.refusal.Refusal.TokenMalformed;
import dev.runhook.application.refusal.Refusal.TokenUnknown;
import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.Browser;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.WebSession;
import dev.runhook.testkit.AccessFixture;
import dev.runhook.testkit.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SignInTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final AccessFixture auth = new AccessFixture(store);
  private final SignIn signIn = at(auth);

  private static SignIn at(AccessFixture auth) {
    return new SignIn(auth.store, auth.access, auth.ids, new Random(5), auth.clock.ticker());
  }

  private static NewSession start(SignIn signIn, CreatedToken token) {
    String text = token.secret().reveal();
    return signIn.start(text, signIn.authenticate(text, AccessFixture.CLIENT_IP), Browser.UNKNOWN);
  }

  private static SignIn.ActiveSession resume(SignIn signIn, NewSession session) {
    return signIn.resume(List.of(session.key().reveal()), AccessFixture.CLIENT_IP);
  }

  private static void assertExpired(SignIn signIn, NewSession session) {
    assertThat(refusalOf(() -> resume(signIn, session))).isEqualTo(new SessionExpired());
  }

  @Test
  void a_session_has_the_grant_of_its_token_in_every_process() {
    CreatedToken token = auth.createToken("ada");

    NewSession session = start(signIn, token);

    assertThat(session.active().grant()).isEqualTo(token.token().grant());
    assertThat(resume(signIn, session).grant()).isEqualTo(token.token().grant());
    assertThat(resume(at(auth.anotherProcess()), session).grant()).isEqualTo(token.token().grant());
  }

  @Test
  void an_unknown_or_malformed_token_cannot_sign_in() {
    String unknown = "unknown";
    String malformed = auth.createToken("ada").secret().reveal().replaceAll(".$", "");

    assertThat(refusalOf(() -> signIn.authenticate(unknown, AccessFixture.CLIENT_IP)))
        .isEqualTo(new TokenUnknown());
    assertThat(refusalOf(() -> signIn.authenticate(malformed, AccessFixture.CLIENT_IP)))
        .isEqualTo(new TokenMalformed());
  }

  @Test
  void the_least_recently_used_session_of_a_token_ends_if_there_are_too_many() {
    CreatedToken token = auth.createToken("ada");
    NewSession other = start(signIn, auth.createToken("bob"));
    NewSession first = start(signIn, token);
    auth.advance(Duration.ofSeconds(1));
    NewSession second = start(signIn, token);

    for (int i = 0; i < 199; i++) {
      start(signIn, token);
    }

    assertExpired(signIn, first);
    assertThat(resume(signIn, second).session().id()).isEqualTo(second.key().id());
    assertThat(resume(signIn, other).session().id()).isEqualTo(other.key().id());
  }

  @Test
  void an_idle_session_expires() {
    NewSession session = start(signIn, auth.createToken("ada"));

    auth.advance(WebSession.IDLE_TIMEOUT);

    assertExpired(signIn, session);
  }

  @Test
  void an_active_session_lasts_until_its_maximum_lifetime() {
    NewSession session = start(signIn, auth.createToken("ada"));

    for (Duration used = HOUR;
        used.compareTo(WebSession.MAX_LIFETIME) < 0;
        used = used.plus(HOUR)) {
      auth.advance(HOUR);
      assertThat(resume(signIn, session).session().expiresAt())
          .isEqualTo(session.active().session().expiresAt());
    }

    auth.advance(HOUR);
    assertExpired(signIn, session);
  }

  @Test
  void signing_out_ends_the_session_in_every_process() {
    NewSession session = start(signIn, auth.createToken("ada"));
    SignIn otherProcess = at(auth.anotherProcess());
    resume(otherProcess, session);

    signIn.signOut(session.key().reveal());

    assertExpired(signIn, session);
    assertExpired(otherProcess, session);
    signIn.signOut(session.key().reveal());
    signIn.signOut("no key");
  }

  @Test
  void revoking_a_token_ends_its_sessions() {
    CreatedToken token = auth.createToken("ada");
    NewSession session = start(signIn, token);
    SignIn otherProcess = at(auth.anotherProcess());
    resume(otherProcess, session);

    auth.admin.revoke(TokenScope.of(AccessFixture.OPERATOR), token.token().grant().token(), ADA);

    assertExpired(signIn, session);
    auth.advance(AccessConfig.defaults().ttl());
    assertExpired(otherProcess, session);
  }

  @Test
  void only_a_hash_of_the_key_is_stored_and_neither_is_printed() {
    NewSession session = start(signIn, auth.createToken("ada"));

    assertThat(session.active().session().id().hex()).isNotEqualTo(session.key().reveal());
    assertThat(session.toString()).doesNotContain(session.key().reveal());
    assertThat(SessionKey.parse(session.key().reveal())).isPresent();
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
  void unknown_keys_are_limited_without_locking_out_sessions() {
    NewSession session = start(signIn, auth.createToken("ada"));
    Random random = new Random(9);
    for (int i = 0; i < 30; i++) {
      String key = SessionKey.generate(random).reveal();
      assertThat(refusalOf(() -> signIn.resume(List.of(key), AccessFixture.CLIENT_IP)))
          .isEqualTo(new SessionExpired());
    }

    String key = SessionKey.generate(random).reveal();
    assertThat(refusalOf(() -> signIn.resume(List.of(key), AccessFixture.CLIENT_IP)))
        .isInstanceOf(TooManyRequests.class);

    resume(signIn, session);
  }

  private static String code(CreatedToken token) {
    return token.signInLink().orElseThrow().code().reveal();
  }

  private static NewSession startByLink(SignIn signIn, String code) {
    return signIn.startByLink(
        code, signIn.findByLink(code, AccessFixture.CLIENT_IP), Browser.UNKNOWN);
  }

  private void assertInvalid(String code) {
    for (SignIn process : List.of(signIn, at(auth.anotherProcess()))) {
      assertThat(refusalOf(() -> process.findByLink(code, AccessFixture.CLIENT_IP)))
          .isEqualTo(new SignInLinkInvalid());
      assertThat(
              refusalOf(() -> process.startByLink(code, AccessFixture.OPERATOR, Browser.UNKNOWN)))
          .isEqualTo(new SignInLinkInvalid());
    }
  }

  @Test
  void a_sign_in_link_starts_one_session_with_the_grant_of_its_token() {
    CreatedToken token = auth.createToken("ana", HOUR);
    signIn.findByLink(code(token), AccessFixture.CLIENT_IP);

    NewSession session = startByLink(at(auth.anotherProcess()), code(token));

    assertThat(resume(signIn, session).grant()).isEqualTo(token.token().grant());
    assertInvalid(code(token));
    assertThat(auth.authenticate(token)).isEqualTo(token.token().grant());
  }

  @Test
  void of_two_uses_of_a_sign_in_link_at_the_same_time_one_starts_a_session() {
    String code = code(auth.createToken("ana", HOUR));
    Grant grant = signIn.findByLink(code, AccessFixture.CLIENT_IP);
    Grant other = at(auth.anotherProcess()).findByLink(code, AccessFixture.CLIENT_IP);

    signIn.startByLink(code, grant, Browser.UNKNOWN);

    assertThat(refusalOf(() -> signIn.startByLink(code, other, Browser.UNKNOWN)))
        .isEqualTo(new SignInLinkInvalid());
    auth.store.run(unit ->
        assertThat(unit.sessions().list(grant.account(), Optional.of(grant.token()), 9))
            .hasSize(1));
  }

  @Test
  void a_sign_in_link_expires() {
    CreatedToken token = auth.createToken("ana", HOUR);
    auth.advance(HOUR.minusSeconds(1));
    signIn.findByLink(code(token), AccessFixture.CLIENT_IP);

    auth.advance(Duration.ofSeconds(1));

    assertThat(token.signInLink().orElseThrow().expiresAt())
        .isEqualTo(token.token().createdAt().plus(HOUR));
    assertInvalid(code(token));
  }

  @Test
  void revoking_a_token_ends_its_sign_in_link_and_the_session_that_the_link_started() {
    CreatedToken unused = auth.createToken("ana", HOUR);
    CreatedToken used = auth.createToken("bob", HOUR);
    NewSession session = startByLink(signIn, code(used));

    for (CreatedToken token : List.of(unused, used)) {
      auth.admin.revoke(TokenScope.of(AccessFixture.OPERATOR), token.token().grant().token(), ADA);
    }

    assertInvalid(code(unused));
    assertExpired(signIn, session);
  }

  @Test
  void a_sign_in_link_does_not_outlive_its_token() {
    Instant expiry = auth.clock.instant().plusSeconds(60);
    CreatedToken token =
        auth.admin.create(
            new CreateTokenRequest(
                "ana", Role.READER, new StackScope.All(), Optional.of(expiry), Optional.of(HOUR)),
            AccessFixture.OPERATOR);

    auth.advance(Duration.ofSeconds(61));

    assertInvalid(code(token));
  }

  @Test
  void a_token_is_no_sign_in_code_and_a_code_is_neither_a_token_nor_a_session() {
    CreatedToken token = auth.createToken("ana", HOUR);

    assertInvalid(token.secret().reveal());
    assertThat(refusalOf(() -> signIn.authenticate(code(token), AccessFixture.CLIENT_IP)))
        .isEqualTo(new TokenUnknown());
    assertThat(refusalOf(() -> signIn.resume(List.of(code(token)), AccessFixture.CLIENT_IP)))
        .isEqualTo(new SessionExpired());
    assertThat(token.toString()).doesNotContain(code(token));
  }

  @Test
  void unknown_sign_in_codes_are_limited_without_locking_out_links() {
    String code = code(auth.createToken("ana", HOUR));
    for (int i = 0; i < 30; i++) {
      String guess = "guess " + i;
      assertThat(refusalOf(() -> signIn.findByLink(guess, AccessFixture.CLIENT_IP)))
          .isEqualTo(new SignInLinkInvalid());
    }

    assertThat(refusalOf(() -> signIn.findByLink("one more", AccessFixture.CLIENT_IP)))
        .isInstanceOf(TooManyRequests.class);

    startByLink(signIn, code);
  }

  @Test
  void a_session_is_not_started_if_the_use_of_its_link_cannot_be_stored() {
    String code = code(auth.createToken("ana", HOUR));
    Grant grant = signIn.findByLink(code, AccessFixture.CLIENT_IP);
    auth.store.fail(true);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> signIn.startByLink(code, grant, Browser.UNKNOWN));

    auth.store.fail(false);
    signIn.startByLink(code, grant, Browser.UNKNOWN);
  }

  @Test
  void using_a_session_writes_at_most_once_a_minute() {
    NewSession session = start(signIn, auth.createToken("ada"));
    auth.advance(Duration.ofSeconds(50));
    resume(signIn, session);
    assertThat(usedAt(session)).isEqualTo(session.active().session().lastUsedAt());

    auth.advance(Duration.ofSeconds(11));
    resume(signIn, session);

    assertThat(usedAt(session)).isEqualTo(session.active().session().lastUsedAt().plusSeconds(61));
  }

  private Instant usedAt(NewSession session) {
    return auth.store.inTransaction(
        unit -> unit.sessions().find(session.active().session().id()).orElseThrow().lastUsedAt());
  }
}
