package dev.runhook.testkit;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
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

/// A transport that returns scripted outcomes and records the requests. It refuses to post while a
/// transaction is open on the calling thread, because a slow receiver must never hold locks of the
/// store. Thread-safe.
public final class ScriptedTransport implements Transport {
  private final BooleanSupplier isInTransaction;
  private final List<SignedRequest> requests = new ArrayList<>();
  private final Map<Endpoint, Deque<Function<SignedRequest, Outcome>>> scripts = new HashMap<>();
  private final Map<Endpoint, Outcome> defaults = new HashMap<>();

  /// @param transactor the store that must not have an open transaction during a post
  public ScriptedTransport(InMemoryTransactor transactor) {
    this(transactor::isInTransaction);
  }

  /// @param isInTransaction whether the calling thread has an open transaction
  public ScriptedTransport(BooleanSupplier isInTransaction) {
    this.isInTransaction = isInTransaction;
  }

  /// Adds outcomes to the script of the endpoint, in this order. The default outcome follows when
  /// the script is empty.
  public ScriptedTransport enqueue(Endpoint endpoint, Outcome... outcomes) {
    Arrays.stream(outcomes).forEach(outcome -> enqueue(endpoint, ignored -> outcome));
    return this;
  }

  /// Adds one response to the script of the endpoint. The function runs on the posting thread and
  /// may block or throw.
  public synchronized ScriptedTransport enqueue(
      Endpoint endpoint, Function<SignedRequest, Outcome> response) {
    scripts.computeIfAbsent(endpoint, ignored -> new ArrayDeque<>()).add(response);
    return this;
  }

  /// Sets the outcome for the endpoint while its script is empty. The initial default is a 200.
  public synchronized ScriptedTransport respondByDefault(Endpoint endpoint, Outcome outcome) {
    defaults.put(endpoint, outcome);
    return this;
  }

  @Override
  public Outcome post(SignedRequest request) {
    if (isInTransaction.getAsBoolean()) {
      throw new IllegalStateException(
          "a request to " + request.endpoint() + " is posted inside a transaction");
    }
    return nextResponse(request).apply(request);
  }

  private synchronized Function<SignedRequest, Outcome> nextResponse(SignedRequest request) {
    requests.add(request);
    Deque<Function<SignedRequest, Outcome>> script =
        scripts.getOrDefault(request.endpoint(), new ArrayDeque<>());
    Outcome byDefault = defaults.getOrDefault(request.endpoint(), Outcome.Responded.of(200));
    return script.isEmpty() ? ignored -> byDefault : script.remove();
  }

  /// Returns all requests so far, in the order of their arrival.
  public synchronized List<SignedRequest> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<SignedRequest> requestsTo(Endpoint endpoint) {
    return requests.stream().filter(request -> request.endpoint().equals(endpoint)).toList();
  }
}
