package dev.runhook.http.api;

import dev.runhook.domain.account.Grant;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.ClientAddress;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Objects;

/// The memory that one request uses for its body and its response, as a part of a budget for the
/// whole process. One account, or one address without a token, can use a quarter of the budget.
/// Used by one thread.
final class RequestMemory implements AutoCloseable {
  private static final String ATTRIBUTE = "dev.runhook.http.memory";
  private static final int PARTS_OF_HEAP = 4;
  private static final int SHARES = 4;

  /// The bytes, the text and the parsed values of a body exist at the same time.
  private static final int COPIES_OF_BODY = 4;

  /// The text of a response and its bytes in UTF-8.
  private static final int COPIES_OF_RESPONSE = 2;

  private final SharedCapacity<String> budget;
  private final Context context;
  private String user = "";
  private long reserved;

  private RequestMemory(SharedCapacity<String> budget, Context context) {
    this.budget = budget;
    this.context = context;
  }

  /// Creates a budget of a quarter of the heap.
  static SharedCapacity<String> createBudget() {
    long bytes = Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP;
    return new SharedCapacity<>(bytes, bytes / SHARES);
  }

  /// Starts to count the memory of a request.
  static RequestMemory open(SharedCapacity<String> budget, Context context) {
    RequestMemory memory = new RequestMemory(budget, context);
    context.attribute(ATTRIBUTE, memory);
    return memory;
  }

  static RequestMemory of(Context context) {
    return Objects.requireNonNull(context.<RequestMemory>attribute(ATTRIBUTE), ATTRIBUTE);
  }

  /// Counts bytes of the body.
  ///
  /// @throws ProblemException if the budget or the caller's share is used up
  void addBody(long bytes) {
    if (!reserve(bytes * COPIES_OF_BODY)) {
      throw overloaded();
    }
  }

  /// Counts bytes of the response. The response to a change is never refused, because the change
  /// has been made.
  ///
  /// @throws ProblemException if the budget or the caller's share is used up
  void addResponse(long bytes) {
    if (!reserve(bytes * COPIES_OF_RESPONSE) && context.method().equals(HandlerType.GET)) {
      throw overloaded();
    }
  }

  private boolean reserve(long bytes) {
    if (reserved == 0) {
      user =
          Authenticator.findGrant(context)
              .map(Grant::account)
              .map(account -> "account " + account.name())
              .orElseGet(() -> ClientAddress.of(context));
    }
    boolean taken = budget.tryAcquire(user, bytes);
    if (taken) {
      reserved += bytes;
    }
    return taken;
  }

  static ProblemException overloaded() {
    return new ProblemException(
        Problem.of(
            503,
            "overloaded",
            "too many or too large requests at the same time; try again in a moment"));
  }

  @Override
  public void close() {
    if (reserved > 0) {
      budget.release(user, reserved);
      reserved = 0;
    }
  }
}
