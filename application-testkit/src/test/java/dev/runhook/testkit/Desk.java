package dev.runhook.testkit;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessRules;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One process that tokens are shown to, on a store in memory that counts how often it is asked.
/// Several desks may share a store.
final class Desk {
  static final Grant OPERATOR =
      new Grant(
          TokenId.OF_CONFIGURATION,
          Samples.ACME,
          Role.ADMIN,
          new Reach.AllStacks(),
          "the operator");
  static final String HERE = "192.0.2.1";

  final SettableClock clock;
  final Counting store;
  final Access access;
  final TokenAdmin admin;

  Desk() {
    this(AccessRules.usual());
  }

  Desk(AccessRules rules) {
    this(new Counting(SettableClock.atNoon()), rules);
  }

  private Desk(Counting store, AccessRules rules) {
    this.store = store;
    this.clock = store.clock;
    access = Access.using(store, Map.of(), rules, clock.ticker());
    admin =
        TokenAdmin.using(store, new TokenAdmin.Sources(store.ids, new Random(7)), access::revoked);
  }

  /// Another process on the same store.
  Desk another() {
    return new Desk(store, AccessRules.usual());
  }

  TokenAdmin.Created create(String name) {
    return admin.create(new NewToken(name, Role.WRITER, new Reach.AllStacks()), OPERATOR);
  }

  Grant show(TokenAdmin.Created token) {
    return show(token.text().reveal(), HERE);
  }

  Grant show(String text, String origin) {
    return access.authenticate(text, origin);
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  /// A store that counts its transactions, and may be made to do something amid one.
  static final class Counting implements Transactor {
    private final SettableClock clock;
    private final CountingIds ids;
    private final InMemoryTransactor memory;
    private final Deque<Runnable> after = new ArrayDeque<>();
    private int transactions;

    private Counting(SettableClock clock) {
      this.clock = clock;
      this.ids = new CountingIds(clock);
      this.memory = new InMemoryTransactor(clock);
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      transactions++;
      T result = memory.<T>inTransaction(work);
      Runnable then = after.poll();
      if (then != null) {
        then.run();
      }
      return result;
    }

    /// Does that once, after the next transaction and before its caller knows of the result.
    void afterNext(Runnable then) {
      after.add(then);
    }

    int transactions() {
      return transactions;
    }
  }
}
