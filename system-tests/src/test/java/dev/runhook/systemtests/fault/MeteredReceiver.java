package dev.runhook.systemtests.fault;

import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/// A receiver that works on each delivery for a while, and knows how many it had at a time, when
/// each first arrived, and all that it ever got.
final class MeteredReceiver implements AutoCloseable {
  static final String SECRET = RecordingReceiver.SECRET;

  private final Duration work;
  private final List<ConcurrencyGauge> meters;
  private final Set<String> acceptedTransitions = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> firstReceivedAt = new ConcurrentHashMap<>();
  private final RecordingReceiver receiver;

  private MeteredReceiver(IntUnaryOperator answers, Duration work, List<ConcurrencyGauge> meters) {
    this.work = work;
    this.meters = List.copyOf(meters);
    this.receiver = RecordingReceiver.listeningWith(answers, new Metered());
  }

  static MeteredReceiver accepting() {
    return respondingWith(_ -> 204);
  }

  /// @param answers the status by an arrival's place in the log
  static MeteredReceiver respondingWith(IntUnaryOperator answers) {
    return new MeteredReceiver(answers, Duration.ZERO, List.of());
  }

  /// @param meters that count how many it has at a time
  static MeteredReceiver processingFor(Duration work, List<ConcurrencyGauge> meters) {
    return new MeteredReceiver(_ -> 204, work, meters);
  }

  int port() {
    return receiver.port();
  }

  String url() {
    return url(port());
  }

  /// @param atPort its own, or that of a proxy in front of it
  static String url(int atPort) {
    return "http://127.0.0.1:" + atPort + "/hooks";
  }

  List<ReceivedRequest> requests() {
    return receiver.requests();
  }

  int count() {
    return receiver.count();
  }

  /// How many different transitions it has accepted.
  int acceptedTransitions() {
    return acceptedTransitions.size();
  }

  /// When each transition first arrived, in nanoseconds, by [ContinuousLoad#transitionKey].
  Map<String, Long> firstReceivedAt() {
    return Map.copyOf(firstReceivedAt);
  }

  @Override
  public void close() {
    receiver.close();
  }

  private final class Metered implements RecordingReceiver.RequestListener {
    @Override
    public void onStart() {
      meters.forEach(ConcurrencyGauge::enter);
    }

    @Override
    public void onRequest(ReceivedRequest receivedRequest) throws InterruptedException {
      String key =
          ContinuousLoad.transitionKey(receivedRequest.run(), receivedRequest.stateVersion());
      firstReceivedAt.putIfAbsent(key, System.nanoTime());
      if (receivedRequest.accepted()) {
        acceptedTransitions.add(key);
      }
      Thread.sleep(work);
      meters.forEach(
          ConcurrencyGauge::leave); // before the sender can know, so that it is never counted twice
    }
  }
}
