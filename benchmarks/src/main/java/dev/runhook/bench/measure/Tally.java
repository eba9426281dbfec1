package dev.runhook.bench.measure;

import dev.runhook.bench.sink.Receipts;
import dev.runhook.bench.sink.Receipts.Receipt;
import dev.runhook.bench.work.Moments;
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
public record Tally(long lost, long duplicates, long lastAt, long[] latencies) {
  private record Id(long high, long low) {}

  public static Tally of(Receipts receipts, Moments answered, int expected) {
    int count = receipts.count();
    Set<Id> seen = HashSet.newHashSet(count);
    long[] latencies = new long[count];
    long lastAt = 0;
    for (int i = 0; i < count; i++) {
      Receipt receipt = receipts.get(i);
      seen.add(new Id(receipt.idHigh(), receipt.idLow()));
      lastAt = Math.max(lastAt, receipt.at());
      long since = receipt.number() < 0 ? 0 : answered.get((int) receipt.number());
      latencies[i] = since == 0 ? 0 : Math.max(0, receipt.at() - since);
    }
    return new Tally(expected - seen.size(), count - seen.size(), lastAt, latencies);
  }

  public double millisAt(double share) {
    return Statistics.percentile(latencies, share) / 1e6;
  }
}
