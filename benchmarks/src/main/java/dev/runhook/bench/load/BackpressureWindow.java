package dev.runhook.bench.load;

import dev.runhook.bench.sink.ReceiptLog;

/// Keeps reporters from running ahead of delivery: at most so many reports are recorded and not yet
/// received. That is load that can be kept up, where recording alone would only pile up a backlog
/// (which `bench drain` is for).
///
/// @param most how many may be outstanding
/// @param perReport how many deliveries one report makes
public record BackpressureWindow(ReceiptLog receipts, int maxOutstanding, int deliveriesPerReport) {
  /// How many more reports may go out, if so many have gone out already.
  public int remaining(int sent) {
    return maxOutstanding - (sent - (receipts.count() / deliveriesPerReport));
  }
}
