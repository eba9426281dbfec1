package dev.runhook.testkit.contract.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for stores of stacks.
@Contract
public interface StacksContract {
  Transactor transactor();

  @Test
  default void a_stack_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Stack stack = Samples.fullStack(new StackId(fixture.account(), "Net.eu_1"));

    boolean isNew = fixture.inTransaction(unit -> unit.stacks().save(stack));

    Stack found = fixture.inTransaction(unit -> unit.stacks().find(stack.id()).orElseThrow());
    assertThat(isNew).isTrue();
    assertThat(found).isEqualTo(stack);
  }

  @Test
  default void saving_a_stack_again_replaces_it() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();

    boolean isNew =
        fixture.inTransaction(unit -> unit.stacks().save(Samples.fullStack(fixture.stackId())));

    Stack found =
        fixture.inTransaction(unit -> unit.stacks().find(fixture.stackId()).orElseThrow());
    boolean webhookStays =
        fixture.inTransaction(
            unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).isPresent());
    assertThat(isNew).isFalse();
    assertThat(found).isEqualTo(Samples.fullStack(fixture.stackId()));
    assertThat(webhookStays).isTrue();
  }

  @Test
  default void two_accounts_can_use_the_same_slug() {
    ContractFixture one = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());

    one.inTransaction(unit -> unit.stacks().save(Stack.named(one.stackId(), "mine")));

    Stack untouched = one.inTransaction(unit -> unit.stacks().find(other.stackId()).orElseThrow());
    assertThat(untouched.name()).isEqualTo("Demo");
  }

  @Test
  default void only_existing_stacks_are_found() {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId missing = new StackId(fixture.account(), "missing");

    Map<StackId, Stack> found =
        fixture.inTransaction(unit -> unit.stacks().findAll(List.of(missing, fixture.stackId())));

    assertThat(found).isEqualTo(Map.of(fixture.stackId(), fixture.stack()));
  }

  @Test
  default void stacks_are_listed_by_slug_within_the_stack_scope() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture.on(transactor());
    fixture.addStack("beta");
    fixture.addStack("alpha");
    fixture.addStack("omega");

    Page<Stack> all =
        fixture.inTransaction(unit ->
            unit.stacks().list(fixture.account(), new StackScope.All(), PageRequest.first()));
    Page<Stack> some =
        fixture.inTransaction(unit ->
            unit.stacks()
                .list(
                    fixture.account(),
                    new StackScope.Only(Set.of("omega", "beta", "nil")),
                    PageRequest.first()));
    Page<Stack> none =
        fixture.inTransaction(unit ->
            unit.stacks()
                .list(fixture.account(), new StackScope.Only(Set.of()), PageRequest.first()));

    assertThat(all.items())
        .extracting(stack -> stack.id().slug())
        .containsExactly("alpha", "beta", "demo", "omega");
    assertThat(some.items())
        .extracting(stack -> stack.id().slug())
        .containsExactly("beta", "omega");
    assertThat(none.items()).isEmpty();
    assertThat(all.next()).isEmpty();
  }

  @Test
  default void pages_of_stacks_neither_repeat_nor_skip_any_while_stacks_are_added() {
    ContractFixture fixture = ContractFixture.on(transactor());
    List.of("b", "d", "f", "h").forEach(fixture::addStack);
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Stack> first =
        fixture.inTransaction(
            unit -> unit.stacks().list(fixture.account(), new StackScope.All(), two));
    fixture.addStack("a");
    Page<Stack> second =
        fixture.inTransaction(unit ->
            unit.stacks()
                .list(
                    fixture.account(),
                    new StackScope.All(),
                    two.withAfter(first.next().orElseThrow())));
    Page<Stack> third =
        fixture.inTransaction(unit ->
            unit.stacks()
                .list(
                    fixture.account(),
                    new StackScope.All(),
                    two.withAfter(second.next().orElseThrow())));

    assertThat(first.items()).extracting(stack -> stack.id().slug()).containsExactly("b", "d");
    assertThat(second.items()).extracting(stack -> stack.id().slug()).containsExactly("demo", "f");
    assertThat(third.items()).extracting(stack -> stack.id().slug()).containsExactly("h");
    assertThat(third.next()).isEmpty();
  }

  @Test
  default void stacks_that_a_unit_has_locked_are_deleted_after_it() throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId stack = fixture.stackId();
    Webhook webhook = fixture.unsavedWebhook(stack, fixture.newEndpoint());
    Thread deletion =
        Thread.ofVirtual()
            .unstarted(() -> fixture.inTransaction(unit -> unit.stacks().delete(stack)));

    List<Stack> locked =
        fixture.inTransaction(unit -> {
          Page<Stack> page = unit.stacks().lockAndList(fixture.account(), PageRequest.first());
          deletion.start();
          assertThat(joined(deletion)).as("deleted while it is locked").isFalse();
          unit.webhooks().add(webhook);
          return page.items();
        });

    deletion.join();
    assertThat(locked).containsExactly(fixture.stack());
    boolean isFound = fixture.inTransaction(unit -> unit.stacks().find(stack).isPresent());
    assertThat(isFound).isFalse();
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
