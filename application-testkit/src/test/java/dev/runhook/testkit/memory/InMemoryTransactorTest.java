package dev.runhook.testkit.memory;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SettableClock;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryTransactorTest {
  private final InMemoryTransactor store = new InMemoryTransactor(SettableClock.atNoon());

  @Test
  void in_memory_transactions_cannot_be_nested() {
    assertThatIllegalStateException().isThrownBy(() -> store.run(outer -> store.run(inner -> {})));
  }

  @Test
  void saving_an_unlocked_webhook_fails() {
    store.run(unit -> {
      unit.stacks().save(Samples.stack());
      unit.webhooks().add(Samples.webhook());
    });

    assertThatIllegalStateException()
        .isThrownBy(() -> store.run(unit -> unit.webhooks().save(Samples.webhook())));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> store.run(unit -> unit.webhooks().saveHealth(List.of(Samples.webhook()))));
  }
}
