package dev.runhook.testkit.wrong;

import dev.runhook.application.spi.Transactor;

/// Where the transactions of a suspected store come from.
abstract class SuspectedStore {
  public Transactor transactor() {
    return Suspects.suspected(Transactor.class);
  }
}
