package dev.runhook.domain.run;

import dev.runhook.domain.account.AccountId;
import java.time.Instant;

final class RunSamples {
  static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");
  static final StackId STACK = new StackId(new AccountId("acme"), "demo");
  static final RunId RUN = new RunId(STACK, "run-1");

  private RunSamples() {}
}
