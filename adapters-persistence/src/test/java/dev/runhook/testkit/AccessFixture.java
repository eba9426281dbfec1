package dev.runhook.testkit;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Access of one process, on a store that counts its transactions. Several fixtures can share a
/// store.
public final class AccessFixture {
  public static final Grant OPERATOR =
      new Grant(
          TokenId.CONFIGURED_ADMIN, Samples.ACME, Role.ADMIN, new StackScope.All(), "the operator");
  public static final String CLIENT_IP = "192.0.2.1";

  public final SettableClock clock;
  public final CountingTransactor store;
  public final SequentialIdGenerator ids;
  public final Access access;
  public final TokenAdmin admin;

  public AccessFixture(PostgresStore store) {
    this(store, AccessConfig.defaults());
  }

  public AccessFixture(PostgresStore store, AccessConfig config) {
    this(new CountingTransactor(store), config);
  }

  private AccessFixture(CountingTransactor store, AccessConfig config) {
    this.store = store;
    this.clock = store.clock;
    this.ids = store.ids;
    access = new Access(store, Map.of(), config, clock.ticker());
    admin = new TokenAdmin(store, ids, new Random(7), access::invalidate);
  }

  /// Returns another process that uses the same store.
  public AccessFixture anotherProcess() {
    return new AccessFixture(store, AccessConfig.defaults());
  }

  public TokenAdmin.CreatedToken createToken(String name) {
    return admin.create(new CreateTokenRequest(name, Role.WRITER, new StackScope.All()), OPERATOR);
  }

  /// Creates a token with a sign-in link.
  public TokenAdmin.CreatedToken createToken(String name, Duration signInFor) {
    return admin.create(
        new CreateTokenRequest(
            name, Role.READER, StackScope.of("demo"), Optional.empty(), Optional.of(signInFor)),
        OPERATOR);
  }

  public Grant authenticate(TokenAdmin.CreatedToken token) {
    return authenticate(token.secret().reveal(), CLIENT_IP);
  }

  public Grant authenticate(String secret, String clientAddress) {
    return access.authenticate(secret, clientAddress);
  }

  public void advance(Duration time) {
    clock.advance(time);
  }

  /// Counts its transactions and can run an action after one of them.
  public static final class CountingTransactor implements Transactor {
    private final SettableClock clock;
    private final SequentialIdGenerator ids;
    private final Transactor store;
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private int transactions;
    private boolean fails;

    private CountingTransactor(PostgresStore store) {
      this.clock = store.clock;
      this.ids = new SequentialIdGenerator(clock);
      this.store = store;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      transactions++;
      if (fails) {
        throw new StoreUnavailableException(
            "the store is unavailable", new IllegalStateException());
      }
      T result = store.<T>inTransaction(work);
      Runnable action = actions.poll();
      if (action != null) {
        action.run();
      }
      return result;
    }

    /// Sets whether the store is unavailable.
    public void fail(boolean fails) {
      this.fails = fails;
    }

    /// Runs the action once, after the next transaction and before its caller gets the result.
    public void afterNextTransaction(Runnable action) {
      actions.add(action);
    }

    public int transactions() {
      return transactions;
    }
  }
}
