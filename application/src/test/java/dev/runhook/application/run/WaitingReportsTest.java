package dev.runhook.application.run;

import static dev.runhook.application.interleaving.Interleavings.explore;
import static dev.runhook.application.interleaving.Interleavings.inParallel;
import static dev.runhook.application.interleaving.Interleavings.require;

import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.AccountId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingReportsTest {
  private static final Map<AccountId, Integer> MORE_THAN_HALF =
      Map.of(new AccountId("acme"), 3_000);

  @Test
  void of_two_callers_of_which_one_fits_exactly_one_is_rejected() {
    explore(() -> {
      SharedRecorder.WaitingReports waiting = new SharedRecorder.WaitingReports();
      boolean[] added = new boolean[2];

      inParallel(() -> added[0] = add(waiting), () -> added[1] = add(waiting));

      require(added[0] != added[1], "both or none were added");
      waiting.remove(MORE_THAN_HALF);
      require(add(waiting), "what was removed is still counted");
    });
  }

  private static boolean add(SharedRecorder.WaitingReports waiting) {
    try {
      waiting.add(MORE_THAN_HALF);
      return true;
    } catch (StoreBusyException ignored) {
      return false;
    }
  }
}
