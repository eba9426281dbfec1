package dev.runhook.http.api;

import dev.runhook.domain.account.AccountId;
import io.javalin.http.Context;
import java.util.function.Supplier;

/// Limits what large request bodies cost others. Each account has a few requests with such a body
/// at a time: further ones wait before their body is read. Their bodies are parsed on a thread of
/// its own. Thread-safe.
public final class LargeBodies implements AutoCloseable {
  static final int MAX_PER_ACCOUNT = 4;
  private static final int LARGE_BYTES = 16 * 1024;

  private final AccountTurns turns = new AccountTurns(MAX_PER_ACCOUNT);
  private final PlatformThread thread = new PlatformThread("large-bodies");

  /// Runs a request. If its body is large or has an unknown length, it first waits for its turn.
  ///
  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T admit(AccountId account, Context context, Supplier<T> request) {
    return isLarge(context) ? turns.run(account, request) : request.get();
  }

  /// Runs work whose time depends on the length of a body.
  <T> T run(byte[] body, Supplier<T> work) {
    return body.length > LARGE_BYTES ? thread.run(work) : work.get();
  }

  private static boolean isLarge(Context context) {
    return context.req().getContentLengthLong() > LARGE_BYTES
        || context.header("Transfer-Encoding") != null;
  }

  @Override
  public void close() {
    thread.close();
  }
}
