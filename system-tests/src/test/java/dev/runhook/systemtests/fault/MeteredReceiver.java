package dev.runhook.systemtests.fault;

import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/// A receiver that takes some time for each delivery and records how many requests it processed
/// concurrently and when each transition first arrived.
final class MeteredReceiver implements AutoCloseable {
  static final String SECRET = RecordingReceiver.SECRET;

  private final Duration processingTime;
  private final List<ConcurrencyGauge> gauges;
  private final Set<String> acceptedTransitions = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> firstReceivedAt = new ConcurrentHashMap<>();
  private final RecordingReceiver receiver;

  private MeteredReceiver(
      IntUnaryOperator statuses, Duration processingTime, List<ConcurrencyGauge> gauges) {
    this.processingTime = processingTime;
    this.gauges = List.copyOf(gauges);
    this.receiver = RecordingReceiver.listeningWith(statuses, new Listener());
  }

  static MeteredReceiver accepting() {
    return respondingWith(_ -> 204);
  }

  /// @param statuses the status of each response, by the index of the request in the log
  static MeteredReceiver respondingWith(IntUnaryOperator statuses) {
    return new MeteredReceiver(statuses, Duration.ZERO, List.of());
  }

  /// @param gauges count the requests that are being processed
  static MeteredReceiver processingFor(Duration processingTime, List<ConcurrencyGauge> gauges) {
    return new MeteredReceiver(_ -> 204, processingTime, gauges);
  }

  int port() {
    return receiver.port();
  }

  String url() {
    return url(port());
  }

  /// @param port the port of the receiver or of a proxy in front of it
  static String url(int port) {
    return "http://127.0.0.1:" + port + "/hooks";
  }

  List<ReceivedRequest> requests() {
    return receiver.requests();
  }

  int count() {
    return receiver.count();
  }

  /// The number of distinct transitions that were accepted.
  int acceptedTransitions() {
    return acceptedTransitions.size();
  }

  /// The time at which each transition first arrived, by [ContinuousLoad#transitionKey].
  ///
  /// @return values of `nanoTime`
  Map<String, Long> firstReceivedAt() {
    return Map.copyOf(firstReceivedAt);
  }

  @Override
  public void close() {
    receiver.close();
  }

  private final class Listener implements RecordingReceiver.RequestListener {
    @Override
    public void onStart() {
      gauges.forEach(ConcurrencyGauge::enter);
    }

    @Override
    public void onRequest(ReceivedRequest request) throws InterruptedException {
      String key = ContinuousLoad.transitionKey(request.run(), request.stateVersion());
      firstReceivedAt.putIfAbsent(key, System.nanoTime());
      if (request.accepted()) {
        acceptedTransitions.add(key);
      }
      Thread.sleep(processingTime);
      // before the response, because the sender may send the next request immediately after it
      gauges.forEach(ConcurrencyGauge::leave);
    }
  }
}
