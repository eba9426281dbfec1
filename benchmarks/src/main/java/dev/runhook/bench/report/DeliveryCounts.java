package dev.runhook.bench.report;

import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.util.HashSet;
import java.util.Set;

/// What became of so many deliveries, by the sink's account.
///
/// @param lost how many never came
/// @param duplicates how many came once more
/// @param lastAt when the last one came
/// @param latencies from a report's answer to the receipt, in nanoseconds; 0 where the receipt was
///   first, or nobody asked. Clocks of this machine only
@SuppressWarnings("ArrayRecordComponent") // a million of them, read and never compared
public record DeliveryCounts(long lost, long duplicates, long lastAt, long[] latencies) {
  private record Id(long high, long low) {}

  public static DeliveryCounts of(ReceiptLog receiptLog, Timestamps answered, int expected) {
    int count = receiptLog.count();
    Set<Id> seen = HashSet.newHashSet(count);
    long[] latencies = new long[count];
    long lastAt = 0;
    for (int i = 0; i < count; i++) {
      Receipt receipt = receiptLog.get(i);
      seen.add(new Id(receipt.idHigh(), receipt.idLow()));
      lastAt = Math.max(lastAt, receipt.at());
      long since = receipt.number() < 0 ? 0 : answered.get((int) receipt.number());
      latencies[i] = since == 0 ? 0 : Math.max(0, receipt.at() - since);
    }
    return new DeliveryCounts(expected - seen.size(), count - seen.size(), lastAt, latencies);
  }

  public double latencyMillis(double share) {
    return Statistics.percentile(latencies, share) / 1e6;
  }
}
