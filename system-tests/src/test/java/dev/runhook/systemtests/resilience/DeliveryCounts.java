package dev.runhook.systemtests.resilience;

import java.util.Locale;

/// The result of a [LoadGenerator] in numbers.
///
/// @param acknowledged transitions that the API acknowledged
/// @param retriedCalls calls that were repeated because no server responded
/// @param expected deliveries that the receivers had to accept
/// @param received requests that arrived at the receivers
/// @param rejected requests to which a receiver responded with an error
/// @param duplicates received requests beyond the expected ones that were not rejected
record DeliveryCounts(
    int acknowledged, int retriedCalls, int expected, int received, int rejected, int duplicates) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d transitions acknowledged (%,d calls retried), %,d deliveries expected, %,d requests received: %,d rejected by the receivers, %,d duplicates;"
            + " lost 0, unexpected 0, reordered 0, changed bytes 0, bad signatures 0",
        acknowledged,
        retriedCalls,
        expected,
        received,
        rejected,
        duplicates);
  }
}
