package dev.runhook.simulation;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.testkit.ForwardingUnitOfWork;
import dev.runhook.testkit.memory.InMemoryTransaction;
import dev.runhook.testkit.memory.InMemoryTransaction.RowLocks;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The database of a world. Its transactions interleave at every call of a store, and wait for each
/// other's locks. It can be unavailable, and lose connections before, during and after a commit.
final class Database {
  /// As `lock_timeout` of the real adapter.
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

  private final World world;
  private final InMemoryTransactor rows;
  private final Map<Object, Transaction> owners = new HashMap<>();
  private final Set<Transaction> open = new LinkedHashSet<>();
  private long clockOffset;
  private long downUntil;

  Database(World world) {
    this.world = world;
    this.rows = new InMemoryTransactor(this::now);
  }

  Instant now() {
    return World.EPOCH.plusNanos(world.threads().nanos() + clockOffset);
  }

  void moveClock(Duration by) {
    clockOffset += by.toNanos();
  }

  /// Ends all connections, and accepts none for this time.
  void restart(Duration time) {
    downUntil = world.threads().nanos() + time.toNanos();
    List.copyOf(open).forEach(Transaction::kill);
  }

  /// Ends the connections of a crashed process.
  void disconnect(NodeProcess process) {
    List.copyOf(open).stream()
        .filter(each -> each.process == process)
        .forEach(each -> {
          world.stats().onCrash(each.arrows);
          each.kill();
        });
  }

  Transactor transactorOf(NodeProcess process) {
    return new Transactor() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
        return Database.this.run(process, work);
      }
    };
  }

  private <T extends @Nullable Object> T run(NodeProcess process, Function<UnitOfWork, T> work) {
    process.step();
    if (world.threads().nanos() < downUntil) {
      throw new StoreUnavailableException("the database is down");
    }
    Transaction transaction = new Transaction(process);
    try {
      T result = work.apply(new Unit(transaction));
      transaction.step();
      Action.Kind fault = transaction.arrows.isEmpty() ? null : process.takeCommitFault();
      if (fault == Action.Kind.COMMIT_FAILS) {
        throw new StoreUnavailableException("the connection was lost before the commit");
      }
      transaction.commit();
      process.afterCommit(transaction.arrows);
      if (fault == Action.Kind.COMMIT_UNKNOWN) {
        throw new StoreUnavailableException("the connection was lost during the commit");
      }
      return result;
    } finally {
      transaction.end();
    }
  }

  /// An open transaction, and what is to be checked when it commits.
  final class Transaction implements RowLocks {
    final NodeProcess process;
    final long begunAt = world.threads().nanos();
    final EnumSet<Arrow> arrows = EnumSet.noneOf(Arrow.class);
    private final InMemoryTransaction inner;
    private final List<Runnable> effects = new ArrayList<>();
    private final List<Object> held = new ArrayList<>();
    private final List<Thread> waiting = new ArrayList<>();
    private boolean isOver;

    Transaction(NodeProcess process) {
      this.process = process;
      this.inner = rows.begin(this);
      open.add(this);
    }

    void onCommit(Runnable effect) {
      effects.add(effect);
    }

    /// Lets others go on, and sees their changes.
    UnitOfWork step() {
      if (arrows.isEmpty()) {
        process.step();
      } else {
        process.riskyStep(arrows);
        if (process.losesConnection()) {
          kill();
        }
      }
      requireOpen();
      return inner.unit();
    }

    private void requireOpen() {
      if (isOver) {
        throw new StoreUnavailableException("the connection was lost");
      }
    }

    @Override
    public boolean tryLock(Object row) {
      Transaction owner = owners.putIfAbsent(row, this);
      if (owner == null) {
        held.add(row);
      }
      return owner == null || owner == this;
    }

    @Override
    public void lock(Object row) {
      long deadline = world.threads().nanos() + LOCK_TIMEOUT.toNanos();
      while (!tryLock(row)) {
        long left = deadline - world.threads().nanos();
        if (left <= 0) {
          throw new StoreBusyException("waited too long for " + row);
        }
        requireNonNull(owners.get(row)).waiting.add(Thread.currentThread());
        LockSupport.parkNanos(left);
        requireOpen();
      }
    }

    private void commit() {
      inner.commit();
      world.log(() -> process + " commits " + arrows);
      world.stats().onCommit(arrows);
      effects.forEach(Runnable::run);
      world.choices().onState(world.checks()::state);
      end();
    }

    private void kill() {
      world.log(() -> process + " loses a transaction with " + arrows);
      end();
    }

    private void end() {
      if (!isOver) {
        isOver = true;
        open.remove(this);
        inner.rollback();
        held.forEach(owners::remove);
        waiting.forEach(LockSupport::unpark);
      }
    }
  }

  /// The stores of a transaction, whose changes are checked after the commit.
  private final class Unit extends ForwardingUnitOfWork {
    private final Transaction transaction;
    private final Checks checks = world.checks();

    Unit(Transaction transaction) {
      super(transaction.inner.unit());
      this.transaction = transaction;
    }

    @Override
    public List<LeasedDelivery> append(JournalEntry entry, Duration leaseDuration) {
      transaction.step();
      List<LeasedDelivery> leased = super.append(entry, leaseDuration);
      checks.onAppend(transaction, entry, leased, leaseDuration);
      return leased;
    }

    @Override
    public Stacks stacks() {
      transaction.step();
      return wrap(Stacks.class, super.stacks());
    }

    @Override
    public Runs runs() {
      transaction.step();
      return super.runs();
    }

    @Override
    public Webhooks webhooks() {
      transaction.step();
      return wrap(Webhooks.class, super.webhooks());
    }

    @Override
    public Deliveries deliveries() {
      transaction.step();
      return wrap(Deliveries.class, super.deliveries());
    }

    private <P> P wrap(Class<P> port, P store) {
      Object proxy =
          Proxy.newProxyInstance(
              port.getClassLoader(),
              new Class<?>[] {port},
              (ignored, method, arguments) -> {
                try {
                  Object result = method.invoke(store, arguments);
                  checks.onCall(transaction, method.getName(), arguments, result);
                  return result;
                } catch (InvocationTargetException e) {
                  throw e.getTargetException();
                }
              });
      return port.cast(proxy);
    }
  }

  /// Returns the lease that a claim asks for.
  static Duration leaseOf(Object[] claim) {
    return ((ClaimRequest) claim[0]).leaseDuration();
  }
}
