package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Requirements for transactions: all or nothing, and a defined end.
@Contract
public interface TransactorContract {
  Transactor transactor();

  @Test
  default void a_transaction_commits_when_the_work_returns() {
    ContractFixture fixture = ContractFixture.on(transactor());

    String result =
        fixture.inTransaction(
            unit -> "is new: " + unit.stacks().save(Samples.fullStack(fixture.stackId())));

    Stack stored =
        fixture.inTransaction(unit -> unit.stacks().find(fixture.stackId()).orElseThrow());
    assertThat(result).isEqualTo("is new: false");
    assertThat(stored).isEqualTo(Samples.fullStack(fixture.stackId()));
  }

  @Test
  default void the_work_may_return_no_result() {
    @Nullable String nothing =
        ContractFixture.on(transactor()).<@Nullable String>inTransaction(ignored -> null);

    assertThat(nothing).isNull();
  }

  @Test
  default void a_transaction_rolls_back_when_the_work_throws() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());
    RunId changed = fixture.addRun();
    Run other = Samples.run(new RunId(fixture.stackId(), "other"), fixture.now());
    List<NewDelivery> added = new ArrayList<>();

    assertThatThrownBy(() ->
            transactor()
                .run(unit -> {
                  unit.webhooks().add(webhook);
                  unit.runs().add(other);
                  added.add(fixture.recordTransition(unit, webhook, changed));
                  unit.append(JournalEntries.ofDeliveries(added), Duration.ZERO);
                  unit.stacks().save(Stack.named(fixture.stackId(), "renamed"));
                  throw new ArithmeticException("the work failed");
                }))
        .isInstanceOf(ArithmeticException.class);

    transactor()
        .run(unit -> {
          assertThat(unit.stacks().find(fixture.stackId())).contains(fixture.stack());
          assertThat(unit.webhooks().find(fixture.stackId(), webhook.id())).isEmpty();
          assertThat(unit.runs().find(other.id())).isEmpty();
          assertThat(unit.runs().find(changed).orElseThrow().progress().version()).isEqualTo(1);
          assertThat(unit.runs().transitions(changed, PageRequest.first()).items()).isEmpty();
          assertThat(unit.deliveries().find(fixture.account(), added.getFirst().id())).isEmpty();
        });
  }

  @Test
  default void an_exception_thrown_by_the_work_is_rethrown() {
    RuntimeException thrown = new ArithmeticException("the same instance");

    assertThatThrownBy(() ->
            transactor()
                .run(ignored -> {
                  throw thrown;
                }))
        .isSameAs(thrown);
  }

  @Test
  default void a_unit_of_work_sees_its_own_changes() {
    ContractFixture fixture = ContractFixture.on(transactor());

    boolean seen =
        fixture.inTransaction(unit -> {
          unit.runs().add(Samples.run(new RunId(fixture.stackId(), "fresh"), unit.now()));
          return unit.runs().find(new RunId(fixture.stackId(), "fresh")).isPresent();
        });

    assertThat(seen).isTrue();
  }

  @Test
  default void the_time_of_a_unit_of_work_is_constant() {
    List<Instant> instants = new ArrayList<>();

    transactor()
        .run(unit -> {
          instants.add(unit.now());
          unit.stacks().findAll(List.of());
          instants.add(unit.now());
        });

    assertThat(instants.getFirst()).isEqualTo(instants.getLast());
  }

  @Test
  default void a_unit_of_work_ends_with_its_transaction() {
    ContractFixture fixture = ContractFixture.on(transactor());
    UnitOfWork ended = fixture.inTransaction(unit -> unit);
    RunId run = new RunId(fixture.stackId(), "run-1");

    assertThatIllegalStateException().isThrownBy(ended::now);
    assertThatIllegalStateException().isThrownBy(() -> ended.stacks().findAll(List.of()));
    assertThatIllegalStateException().isThrownBy(() -> ended.runs().findForUpdate(List.of()));
    assertThatIllegalStateException()
        .isThrownBy(() -> ended.events().findSkipped(run, List.of(1L)));
    assertThatIllegalStateException().isThrownBy(() -> ended.webhooks().findByStacks(List.of()));
    assertThatIllegalStateException().isThrownBy(() -> ended.deliveries().timeUntilNextDue());
  }

  @Test
  default void stores_end_with_their_unit_of_work() {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId stack = fixture.stackId();
    RunId run = new RunId(stack, "run-1");
    Stacks stacks = fixture.inTransaction(UnitOfWork::stacks);
    Runs runs = fixture.inTransaction(UnitOfWork::runs);
    Events events = fixture.inTransaction(UnitOfWork::events);
    Webhooks webhooks = fixture.inTransaction(UnitOfWork::webhooks);
    Deliveries deliveries = fixture.inTransaction(UnitOfWork::deliveries);

    assertThatIllegalStateException().isThrownBy(() -> stacks.find(stack));
    assertThatIllegalStateException().isThrownBy(() -> runs.find(run));
    assertThatIllegalStateException().isThrownBy(() -> events.findSkipped(run, List.of(1L)));
    assertThatIllegalStateException().isThrownBy(() -> webhooks.list(stack, PageRequest.first()));
    assertThatIllegalStateException().isThrownBy(deliveries::timeUntilNextDue);
  }

  @Test
  default void a_unit_of_work_ends_when_its_work_throws() {
    List<UnitOfWork> stored = new ArrayList<>();

    assertThatThrownBy(() ->
            transactor()
                .run(unit -> {
                  stored.add(unit);
                  throw new ArithmeticException("the work failed");
                }))
        .isInstanceOf(ArithmeticException.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> stored.getFirst().stacks().findAll(List.of()));
  }
}
