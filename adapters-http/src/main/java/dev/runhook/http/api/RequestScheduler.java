package dev.runhook.http.api;

import dev.runhook.domain.account.AccountId;
import io.javalin.http.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Decides when the requests of an account run, and which of their parts run on platform threads,
/// so that no account can keep the processors or the database from others. Thread-safe.
///
/// More requests at a time than processors would not be faster. They would only make everyone wait
/// longer for each turn on a processor, and a request takes many.
///
/// Requests to different databases have turns and threads of their own, so that those that wait for
/// a database that is down do not delay the others.
public final class RequestScheduler implements AutoCloseable {
  private static final int MIN_PER_ACCOUNT = 2;

  /// Half of the connections to the database, because a request uses one.
  private static final int MAX_PER_ACCOUNT = 6;

  private static final int MAX_BODIES_PER_ACCOUNT = 4;
  private static final int LARGE_BYTES = 16 * 1024;

  /// More than there are connections to the database.
  private static final int MAX_THREADS = 64;

  private final int maxPerAccount;
  private final Map<Integer, Place> places = new ConcurrentHashMap<>();
  private final AccountTurns testTurns = new AccountTurns(1);
  private final AccountTurns bodyTurns = new AccountTurns(MAX_BODIES_PER_ACCOUNT);
  private final PlatformThreads largeBodies = new PlatformThreads("large-bodies", 1);
  private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();

  public RequestScheduler() {
    this(Runtime.getRuntime().availableProcessors());
  }

  RequestScheduler(int processors) {
    this.maxPerAccount = Math.clamp(processors, MIN_PER_ACCOUNT, MAX_PER_ACCOUNT);
  }

  /// Where actions run that need the same database.
  private record Place(AccountTurns turns, PlatformThreads threads) {}

  /// Runs a request. If its body is large or has an unknown length, it first waits for its turn, so
  /// that only a few such bodies of an account are read at a time.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T admit(AccountId account, Context context, Supplier<T> request) {
    return isLarge(context) ? bodyTurns.run(account, request) : request.get();
  }

  /// Runs the action of a request, a few of each account at a time for each database.
  ///
  /// @param database the database that the action uses, from [Placement]
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  public <T> T act(AccountId account, int database, Supplier<T> action) {
    Place place = places.computeIfAbsent(database, this::newPlace);
    return place.turns().run(account, () -> place.threads().run(action));
  }

  private Place newPlace(int database) {
    String suffix = database > 0 ? "-" + (database + 1) : "";
    return new Place(
        new AccountTurns(maxPerAccount), new PlatformThreads("requests" + suffix, MAX_THREADS));
  }

  /// Runs the action of a request that waits for a receiver, one of each account at a time. It
  /// stays on the thread of the request, because it mostly waits.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T test(AccountId account, Supplier<T> action) {
    return testTurns.run(account, action);
  }

  /// Runs work whose time depends on the length of a body.
  <T> T process(byte[] body, Supplier<T> work) {
    return body.length > LARGE_BYTES ? largeBodies.run(work) : work.get();
  }

  /// Starts work on a thread of its own. Canceling it interrupts the work.
  Future<?> start(Runnable work) {
    return virtualThreads.submit(work);
  }

  private static boolean isLarge(Context context) {
    return context.req().getContentLengthLong() > LARGE_BYTES
        || context.header("Transfer-Encoding") != null;
  }

  @Override
  public void close() {
    places.values().forEach(place -> place.threads().close());
    largeBodies.close();
    var ignored = virtualThreads.shutdownNow();
  }
}
