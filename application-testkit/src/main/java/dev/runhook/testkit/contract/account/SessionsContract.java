package dev.runhook.testkit.contract.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Browser;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.account.WebSession.Owner;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Requirements for stores of web sessions.
@Contract
public interface SessionsContract {
  Transactor transactor();

  @Test
  default void a_session_is_stored_unchanged() {
    WebSession session = session("stored", now().minusSeconds(90), now().minusSeconds(70));

    transactor().run(unit -> unit.sessions().add(session));

    transactor()
        .run(unit -> {
          assertThat(unit.sessions().find(session.id())).contains(session);
          assertThat(unit.sessions().find(id("unknown"))).isEmpty();
        });
  }

  @Test
  default void a_session_id_is_unique() {
    WebSession session = session("unique", now(), now());
    transactor().run(unit -> unit.sessions().add(session));

    assertThatException().isThrownBy(() -> transactor().run(unit -> unit.sessions().add(session)));
  }

  @Test
  default void using_a_session_changes_only_its_last_use() {
    WebSession session = session("used", now().minusSeconds(90), now().minusSeconds(90));
    transactor().run(unit -> unit.sessions().add(session));

    Instant use =
        transactor()
            .inTransaction(unit -> {
              unit.sessions().touch(session.id());
              unit.sessions().touch(id("unknown"));
              return unit.now();
            });

    transactor()
        .run(unit ->
            assertThat(unit.sessions().find(session.id()))
                .contains(
                    new WebSession(
                        session.id(), session.token(), session.owner(), session.startedAt(), use)));
  }

  @Test
  default void sessions_are_listed_by_account_and_token() {
    AccountId account = new AccountId("sessions-listed");
    WebSession older = on(account, session("older", now(), now().minusSeconds(5)));
    WebSession newer = on(account, session("newer", now(), now()));
    transactor()
        .run(unit -> {
          unit.sessions().add(older);
          unit.sessions().add(newer);
        });

    transactor()
        .run(unit -> {
          Optional<TokenId> token = Optional.of(older.owner().token());
          Optional<TokenId> other = Optional.of(TokenId.CONFIGURED_ADMIN);
          assertThat(unit.sessions().list(account, token, 9)).containsExactly(newer, older);
          assertThat(unit.sessions().list(account, Optional.empty(), 1)).containsExactly(newer);
          assertThat(unit.sessions().list(account, other, 9)).isEmpty();
        });
  }

  private static WebSession on(AccountId account, WebSession session) {
    Owner owner =
        new Owner(account, session.owner().token(), session.owner().name(), Browser.UNKNOWN);
    return new WebSession(
        session.id(), session.token(), owner, session.startedAt(), session.lastUsedAt());
  }

  @Test
  default void an_ended_session_is_not_found() {
    WebSession session = session("ended", now(), now());
    transactor().run(unit -> unit.sessions().add(session));

    transactor().run(unit -> unit.sessions().end(session.id()));

    transactor()
        .run(unit -> {
          assertThat(unit.sessions().find(session.id())).isEmpty();
          unit.sessions().end(session.id());
        });
  }

  @Test
  default void only_idle_sessions_are_ended() {
    Instant now = now();
    WebSession idle = session("idle", now.minusSeconds(100), now.minusSeconds(100));
    WebSession fresh = session("fresh", now.minusSeconds(100), now);
    transactor()
        .run(unit -> {
          unit.sessions().add(idle);
          unit.sessions().add(fresh);
        });

    transactor().run(unit -> unit.sessions().endUnusedSince(now.minusSeconds(1)));

    transactor()
        .run(unit -> {
          assertThat(unit.sessions().find(idle.id())).isEmpty();
          assertThat(unit.sessions().find(fresh.id())).contains(fresh);
        });
  }

  @Test
  default void only_the_last_used_sessions_of_a_token_are_kept() {
    AccountId account = new AccountId("sessions-kept");
    WebSession oldest = on(account, session("oldest", now(), now().minusSeconds(9)));
    WebSession middle = on(account, session("middle", now(), now().minusSeconds(5)));
    WebSession latest = on(account, session("latest", now(), now()));
    WebSession other = session("of another account", now(), now().minusSeconds(9));
    transactor().run(unit -> List.of(latest, oldest, middle, other).forEach(unit.sessions()::add));

    transactor().run(unit -> unit.sessions().endAllBut(2, account, oldest.owner().token()));

    transactor()
        .run(unit -> {
          assertThat(unit.sessions().list(account, Optional.empty(), 9))
              .containsExactly(latest, middle);
          assertThat(unit.sessions().find(other.id())).contains(other);
        });
  }

  private Instant now() {
    return transactor().inTransaction(unit -> unit.now());
  }

  private static WebSession session(String name, Instant startedAt, Instant usedAt) {
    Owner owner =
        new Owner(
            new AccountId("acme"), new TokenId(new UUID(0, 7)), name, new Browser("curl/8.5.0"));
    return new WebSession(id(name), TokenHash.of("token of " + name), owner, startedAt, usedAt);
  }

  private static SessionId id(String name) {
    return new SessionId(TokenHash.of(name).hex());
  }
}
