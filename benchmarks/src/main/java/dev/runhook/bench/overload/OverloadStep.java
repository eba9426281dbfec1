package dev.runhook.bench.overload;

import dev.runhook.bench.load.OpenLoopClients.Counts;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// The result of one step of the overload benchmark.
///
/// @param calm the reports of the other accounts
/// @param responses the time until the response to each of them
/// @param cpuSeconds the CPU time of the server and of PostgreSQL, until everything was delivered
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OverloadStep(
    String name,
    double seconds,
    Counts flood,
    Counts calm,
    long[] responses,
    Received received,
    double cpuSeconds,
    double peakMegabytes) {
  public long accepted() {
    return (long) flood.accepted().cardinality() + calm.accepted().cardinality();
  }

  /// Delivered transitions per second. What is delivered after the step does not count.
  public double goodput() {
    return received.delivered / seconds;
  }

  /// The CPU time for each accepted transition, in microseconds.
  public double cpuMicros() {
    return cpuSeconds * 1e6 / accepted();
  }

  public double responseMillis() {
    return Statistics.percentile(responses, 0.99) / 1e6;
  }

  public double receiptMillis() {
    return Statistics.percentile(received.latencies, 0.99) / 1e6;
  }

  public List<String> failures() {
    List<String> failures = new ArrayList<>();
    if (received.lost > 0) {
      failures.add(name + ": " + received.lost + " accepted transitions are missing");
    }
    for (Counts counts : List.of(flood, calm)) {
      counts
          .incorrect()
          .forEach((got, reports) ->
              failures.add(
                  "%s: %d reports got neither 201 nor 429 or 503 with Retry-After, but: %s"
                      .formatted(name, reports, got)));
    }
    return failures;
  }

  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", name);
    json.put("seconds", seconds);
    json.put("offered", flood.offered());
    json.put("unsent", flood.unsent());
    json.put("status429", flood.tooMany());
    json.put("status503", flood.unavailable());
    json.put("accepted", accepted());
    json.put("deliveredPerSecond", goodput());
    json.put("othersRefused", calm.tooMany() + calm.unavailable());
    json.put("othersUnsent", calm.unsent());
    json.put("othersResponseP99Millis", responseMillis());
    json.put("othersReceiptP99Millis", receiptMillis());
    json.put("lost", received.lost);
    json.put("duplicates", received.duplicates);
    json.put("cpuMicrosPerTransition", cpuMicros());
    json.put("peakMegabytes", peakMegabytes);
    return json;
  }

  /// What the receivers got in one step.
  ///
  /// @param delivered the transitions that arrived before the step ended
  /// @param latencies the time until the receipt of each report of the other accounts
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Received(long delivered, long lost, long duplicates, long[] latencies) {
    public static Received of(
        ReceiptLog receipts, Counts flood, Counts calm, Timestamps due, long end) {
      BitSet missing = (BitSet) flood.accepted().clone();
      missing.or(calm.accepted());
      BitSet received = new BitSet();
      long delivered = 0;
      LongStream.Builder latencies = LongStream.builder();
      for (int i = 0; i < receipts.count(); i++) {
        Receipt receipt = receipts.get(i);
        int number = (int) receipt.number();
        if (calm.accepted().get(number) && !received.get(number)) {
          latencies.add(receipt.at() - due.get(number));
        }
        delivered += receipt.at() < end && !received.get(number) ? 1 : 0;
        received.set(number);
      }
      missing.andNot(received);
      return new Received(
          delivered,
          missing.cardinality(),
          receipts.count() - received.cardinality(),
          latencies.build().toArray());
    }
  }
}
