package dev.runhook.bench.load;

import dev.runhook.bench.sink.ReceiptLog;

/// Limits how far reporters run ahead of delivery, so that the load is sustainable. Without a limit
/// they would only build up a backlog, which `bench drain` measures.
///
/// @param receipts the deliveries that the sink has received
/// @param maxOutstanding the maximum number of reports that are recorded but not yet received
/// @param deliveriesPerReport the number of deliveries of each report
public record BackpressureWindow(ReceiptLog receipts, int maxOutstanding, int deliveriesPerReport) {
  /// Returns how many more reports may be sent, given how many have been sent.
  public int remaining(int sent) {
    return maxOutstanding - (sent - (receipts.count() / deliveriesPerReport));
  }
}
