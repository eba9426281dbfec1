package dev.runhook.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunIdTest {
  private static final int PLACES = 128;

  @Test
  void numbered_runs_of_numbered_stacks_spread_over_a_hash_table() {
    AccountId account = new AccountId("acme");

    long taken =
        IntStream.range(100, 100 + PLACES)
            .mapToObj(i -> new RunId(new StackId(account, "stack-" + i), "run-" + i))
            .mapToInt(RunIdTest::place)
            .distinct()
            .count();

    assertThat(taken).isGreaterThan(PLACES / 2);
  }

  /// The bucket index of [java.util.HashMap].
  private static int place(RunId id) {
    int hash = id.hashCode();
    return (hash ^ (hash >>> 16)) & (PLACES - 1);
  }

  @Test
  void equal_ids_have_equal_hashes() {
    RunId one = new RunId(new StackId(new AccountId("acme"), "demo"), "first");
    RunId same = new RunId(new StackId(new AccountId("acme"), "demo"), "first");

    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
  }
}
