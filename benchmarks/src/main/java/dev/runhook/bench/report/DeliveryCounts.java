package dev.runhook.bench.report;

import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The deliveries of one round, according to the sink.
///
/// @param lost the number of deliveries that did not arrive
/// @param duplicates the number of receipts beyond the first of each delivery
/// @param unsigned the number of receipts without a valid signature
/// @param lastAt the time of the last receipt, by the machine's monotonic clock
/// @param latencies the nanoseconds from the response to a report until its receipt; 0 if the
///   receipt came first or the report has no response time
@SuppressWarnings(
    "ArrayRecordComponent") // up to a million values, which are read and never compared
public record DeliveryCounts(
    long lost, long duplicates, long unsigned, long lastAt, long[] latencies) {
  private record Id(long high, long low) {}

  public static DeliveryCounts of(ReceiptLog receipts, Timestamps acknowledgements, int expected) {
    int count = receipts.count();
    Set<Id> seen = HashSet.newHashSet(count);
    long[] latencies = new long[count];
    long lastAt = 0;
    for (int i = 0; i < count; i++) {
      Receipt receipt = receipts.get(i);
      seen.add(new Id(receipt.idHigh(), receipt.idLow()));
      lastAt = Math.max(lastAt, receipt.at());
      long acknowledgedAt = receipt.number() < 0 ? 0 : acknowledgements.get((int) receipt.number());
      latencies[i] = acknowledgedAt == 0 ? 0 : Math.max(0, receipt.at() - acknowledgedAt);
    }
    return new DeliveryCounts(
        expected - seen.size(), count - seen.size(), receipts.countUnsigned(), lastAt, latencies);
  }

  /// Returns what is wrong with the deliveries; empty if all arrived.
  ///
  /// @param signed whether each of them must be signed
  public List<String> failures(boolean signed) {
    List<String> failures = new ArrayList<>();
    if (lost > 0) {
      failures.add(lost + " deliveries are missing");
    }
    if (signed && unsigned > 0) {
      failures.add(unsigned + " deliveries are not signed");
    }
    return failures;
  }

  /// @param fraction of the deliveries, such as 0.99
  public double latencyMillis(double fraction) {
    return Statistics.percentile(latencies, fraction) / 1e6;
  }
}
