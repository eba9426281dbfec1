package dev.runhook.testkit;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.spi.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// A transport that answers by script and keeps what it was asked to send. It refuses to post while
/// a transaction is open on the posting thread: a receiver's slowness must never hold the store's
/// locks. Thread-safe.
public final class ScriptedTransport implements Transport {
  private final BooleanSupplier transactionIsOpen;
  private final List<SignedRequest> requests = new ArrayList<>();
  private final Map<Endpoint, Deque<Function<SignedRequest, Outcome>>> scripts = new HashMap<>();
  private final Map<Endpoint, Outcome> usual = new HashMap<>();

  /// @param transactor the store whose transactions must not be open while posting
  public ScriptedTransport(InMemoryTransactor transactor) {
    this.transactionIsOpen = transactor::isInTransaction;
  }

  /// What the endpoint answers next, one after the other, before it answers as usual.
  public ScriptedTransport enqueue(Endpoint endpoint, Outcome... outcomes) {
    Arrays.stream(outcomes).forEach(outcome -> enqueue(endpoint, _ -> outcome));
    return this;
  }

  /// How the endpoint answers the next request; may wait for something or throw. It runs on the
  /// posting thread.
  public synchronized ScriptedTransport enqueue(
      Endpoint endpoint, Function<SignedRequest, Outcome> answer) {
    scripts.computeIfAbsent(endpoint, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /// What the endpoint answers when its script is over, from now on; 200 where nothing is said.
  public synchronized ScriptedTransport respondByDefault(Endpoint endpoint, Outcome outcome) {
    usual.put(endpoint, outcome);
    return this;
  }

  @Override
  public Outcome post(SignedRequest request) {
    if (transactionIsOpen.getAsBoolean()) {
      throw new IllegalStateException(
          "posting to " + request.endpoint() + " while a transaction is open");
    }
    return answerTo(request).apply(request);
  }

  private synchronized Function<SignedRequest, Outcome> answerTo(SignedRequest request) {
    requests.add(request);
    Deque<Function<SignedRequest, Outcome>> script =
        scripts.getOrDefault(request.endpoint(), new ArrayDeque<>());
    Outcome otherwise = usual.getOrDefault(request.endpoint(), Outcome.Responded.of(200));
    return script.isEmpty() ? _ -> otherwise : script.remove();
  }

  /// All requests so far, in the order they came in.
  public synchronized List<SignedRequest> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<SignedRequest> requestsTo(Endpoint endpoint) {
    return requests.stream().filter(request -> request.endpoint().equals(endpoint)).toList();
  }
}
