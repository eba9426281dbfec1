package dev.runhook.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SettableClock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemoryTransactorTest {
  private static final Stack OTHER = Stack.named(new StackId(Samples.ACME, "other"), "Other");

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

  @Test
  void a_transaction_that_the_caller_ends_and_others_see_what_is_committed() {
    InMemoryTransaction transaction = store.begin();
    transaction.unit().stacks().save(Samples.stack());
    store.run(unit -> unit.stacks().save(OTHER));

    boolean seenBefore = exists(Samples.DEMO);
    boolean seesOther = transaction.unit().stacks().find(OTHER.id()).isPresent();
    transaction.commit();

    assertThat(seenBefore).isFalse();
    assertThat(seesOther).isTrue();
    assertThat(exists(Samples.DEMO)).isTrue();
    assertThat(exists(OTHER.id())).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> transaction.unit());
  }

  @Test
  void a_rollback_discards_the_changes_of_a_transaction_or_those_since_a_savepoint() {
    InMemoryTransaction rolledBack = store.begin();
    rolledBack.unit().stacks().save(Samples.stack());
    rolledBack.rollback();
    InMemoryTransaction partly = store.begin();
    partly.unit().stacks().save(OTHER);
    Runnable savepoint = partly.savepoint();
    partly.unit().stacks().save(Samples.stack());
    partly.unit().stacks().delete(OTHER.id());
    savepoint.run();
    partly.commit();

    assertThat(exists(Samples.DEMO)).isFalse();
    assertThat(exists(OTHER.id())).isTrue();
  }

  @Test
  void two_open_transactions_cannot_change_the_same_row() {
    InMemoryTransaction first = store.begin();
    InMemoryTransaction second = store.begin();
    first.unit().stacks().save(Samples.stack());
    second.unit().stacks().save(Stack.named(Samples.DEMO, "Another name"));

    first.commit();

    assertThatIllegalStateException()
        .isThrownBy(second::commit)
        .withMessageContaining("two open transactions change");
    assertThat(store.<Optional<Stack>>inTransaction(unit -> unit.stacks().find(Samples.DEMO)))
        .hasValue(Samples.stack());
  }

  private boolean exists(StackId stack) {
    return store.<Boolean>inTransaction(unit -> unit.stacks().find(stack).isPresent());
  }
}
