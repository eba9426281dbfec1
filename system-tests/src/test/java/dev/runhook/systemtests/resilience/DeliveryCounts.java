package dev.runhook.systemtests.resilience;

import java.util.Locale;

/// What became of some [LoadGenerator], in numbers.
///
/// @param repeatedCalls that had to be made again because a server was not there
/// @param refused arrivals that a receiver answered with an error
/// @param duplicates arrivals beyond the wanted ones that no receiver had refused
record DeliveryCounts(
    int acknowledged, int retriedCalls, int expected, int received, int rejected, int duplicates) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d changes acknowledged (%,d calls repeated), %,d deliveries wanted, %,d arrivals: %,d refused by the receivers, %,d duplicates;"
            + " lost 0, unexpected 0, reordered 0, changed bytes 0, bad signatures 0",
        acknowledged,
        retriedCalls,
        expected,
        received,
        rejected,
        duplicates);
  }
}
