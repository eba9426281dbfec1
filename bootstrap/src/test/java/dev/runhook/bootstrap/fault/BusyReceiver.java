package dev.runhook.bootstrap.fault;

import dev.runhook.bootstrap.process.Arrival;
import dev.runhook.bootstrap.process.LoggedReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/// A receiver that works on each delivery for a while, and knows how many it had at a time, when
/// each first arrived, and all that it ever got.
final class BusyReceiver implements AutoCloseable {
  static final String SECRET = LoggedReceiver.SECRET;

  private final Duration work;
  private final List<Meter> meters;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> firsts = new ConcurrentHashMap<>();
  private final LoggedReceiver receiver;

  private BusyReceiver(IntUnaryOperator answers, Duration work, List<Meter> meters) {
    this.work = work;
    this.meters = List.copyOf(meters);
    this.receiver = LoggedReceiver.working(answers, new Metered());
  }

  static BusyReceiver accepting() {
    return answering(_ -> 204);
  }

  /// @param answers the status by an arrival's place in the log
  static BusyReceiver answering(IntUnaryOperator answers) {
    return new BusyReceiver(answers, Duration.ZERO, List.of());
  }

  /// @param meters that count how many it has at a time
  static BusyReceiver working(Duration work, List<Meter> meters) {
    return new BusyReceiver(_ -> 204, work, meters);
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

  List<Arrival> log() {
    return receiver.log();
  }

  int count() {
    return receiver.count();
  }

  /// How many different transitions it has accepted.
  int accepted() {
    return accepted.size();
  }

  /// When each transition first arrived, in nanoseconds, by [Load#key].
  Map<String, Long> firsts() {
    return Map.copyOf(firsts);
  }

  @Override
  public void close() {
    receiver.close();
  }

  private final class Metered implements LoggedReceiver.Work {
    @Override
    public void begin() {
      meters.forEach(Meter::enter);
    }

    @Override
    public void on(Arrival arrival) throws InterruptedException {
      String key = Load.key(arrival.run(), arrival.version());
      firsts.putIfAbsent(key, System.nanoTime());
      if (arrival.accepted()) {
        accepted.add(key);
      }
      Thread.sleep(work);
      meters.forEach(Meter::leave); // before the sender can know, so that it is never counted twice
    }
  }
}
