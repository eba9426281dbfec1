package dev.runhook.http.api;

import dev.runhook.domain.account.AccountId;
import io.javalin.http.Context;
import java.util.function.Supplier;

/// Decides when the requests of an account run, and which of their parts run on platform threads,
/// so that no account can keep the processors or the database from others. Thread-safe.
public final class RequestScheduler implements AutoCloseable {
  private static final int MAX_PER_ACCOUNT = 4;
  private static final int LARGE_BYTES = 16 * 1024;

  /// More than there are connections to the database.
  private static final int MAX_THREADS = 64;

  private final AccountTurns actionTurns = new AccountTurns(MAX_PER_ACCOUNT);

  /// Each of these requests uses a connection to the database, so an account gets half of them.
  private final AccountTurns postTurns = new AccountTurns(6);

  private final AccountTurns bodyTurns = new AccountTurns(MAX_PER_ACCOUNT);
  private final PlatformThreads actions = new PlatformThreads("requests", MAX_THREADS);
  private final PlatformThreads largeBodies = new PlatformThreads("large-bodies", 1);

  /// Runs a request. If its body is large or has an unknown length, it first waits for its turn, so
  /// that only a few such bodies of an account are read at a time.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T admit(AccountId account, Context context, Supplier<T> request) {
    return isLarge(context) ? bodyTurns.run(account, request) : request.get();
  }

  /// Runs the action of a request, a few of each account at a time.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T act(AccountId account, Supplier<T> action) {
    return actionTurns.run(account, () -> actions.run(action));
  }

  /// Runs a POST request that shares no transaction with others, a few of each account at a time.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T post(AccountId account, Supplier<T> request) {
    return postTurns.run(account, request);
  }

  /// Runs work whose time depends on the length of a body.
  <T> T process(byte[] body, Supplier<T> work) {
    return body.length > LARGE_BYTES ? largeBodies.run(work) : work.get();
  }

  private static boolean isLarge(Context context) {
    return context.req().getContentLengthLong() > LARGE_BYTES
        || context.header("Transfer-Encoding") != null;
  }

  @Override
  public void close() {
    actions.close();
    largeBodies.close();
  }
}
