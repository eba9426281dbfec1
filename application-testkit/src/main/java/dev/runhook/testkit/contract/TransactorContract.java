package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a transaction promises: all or nothing, and an end.
@Promises
public interface TransactorContract {
  Transactor transactor();

  @Test
  default void what_work_did_is_kept_when_it_returns() {
    Scene scene = Scene.on(transactor());

    String answer =
        scene.in(unit -> "kept " + unit.stacks().save(Samples.fullStack(scene.stackId())));

    Stack kept = scene.in(unit -> unit.stacks().find(scene.stackId()).orElseThrow());
    assertThat(answer).isEqualTo("kept false");
    assertThat(kept).isEqualTo(Samples.fullStack(scene.stackId()));
  }

  @Test
  default void work_may_have_no_result() {
    @Nullable String nothing = Scene.on(transactor()).<@Nullable String>in(_ -> null);

    assertThat(nothing).isNull();
  }

  @Test
  default void work_that_throws_leaves_no_trace() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.newWebhook(scene.stackId(), scene.newEndpoint());
    RunId moved = scene.run();
    Run other = Samples.run(new RunId(scene.stackId(), "other"), scene.now());
    List<NewDelivery> added = new ArrayList<>();

    assertThatThrownBy(() ->
            transactor()
                .run(unit -> {
                  unit.webhooks().add(webhook);
                  unit.runs().add(other);
                  added.add(scene.move(unit, webhook, moved));
                  unit.deliveries().add(added, Duration.ZERO);
                  unit.stacks().save(Stack.named(scene.stackId(), "renamed"));
                  throw new ArithmeticException("the work gives up");
                }))
        .isInstanceOf(ArithmeticException.class);

    transactor()
        .run(unit -> {
          assertThat(unit.stacks().find(scene.stackId())).contains(scene.stack());
          assertThat(unit.webhooks().find(scene.stackId(), webhook.id())).isEmpty();
          assertThat(unit.runs().find(other.id())).isEmpty();
          assertThat(unit.runs().find(moved).orElseThrow().progress().version()).isEqualTo(1);
          assertThat(unit.runs().transitions(moved)).isEmpty();
          assertThat(unit.deliveries().find(scene.account(), added.getFirst().id())).isEmpty();
        });
  }

  @Test
  default void what_work_throws_is_thrown_on() {
    RuntimeException thrown = new ArithmeticException("the very same");

    assertThatThrownBy(() ->
            transactor()
                .run(_ -> {
                  throw thrown;
                }))
        .isSameAs(thrown);
  }

  @Test
  default void a_unit_sees_what_it_did_itself() {
    Scene scene = Scene.on(transactor());

    boolean seen =
        scene.in(unit -> {
          unit.runs().add(Samples.run(new RunId(scene.stackId(), "fresh"), unit.now()));
          return unit.runs().find(new RunId(scene.stackId(), "fresh")).isPresent();
        });

    assertThat(seen).isTrue();
  }

  @Test
  default void the_instant_of_a_unit_stays_the_same() {
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
    UnitOfWork ended = Scene.on(transactor()).in(unit -> unit);

    assertThatIllegalStateException().isThrownBy(ended::now);
    assertThatIllegalStateException().isThrownBy(() -> ended.stacks().findAll(List.of()));
    assertThatIllegalStateException().isThrownBy(() -> ended.runs().findForUpdate(List.of()));
    assertThatIllegalStateException()
        .isThrownBy(() -> ended.events().skips(new EventId(new UUID(1, 1))));
    assertThatIllegalStateException().isThrownBy(() -> ended.webhooks().ofStacks(List.of()));
    assertThatIllegalStateException().isThrownBy(() -> ended.deliveries().untilNextDue());
  }

  @Test
  default void the_stores_of_a_unit_end_with_it() {
    Scene scene = Scene.on(transactor());
    StackId stack = scene.stackId();
    Stacks stacks = scene.in(UnitOfWork::stacks);
    Runs runs = scene.in(UnitOfWork::runs);
    Events events = scene.in(UnitOfWork::events);
    Webhooks webhooks = scene.in(UnitOfWork::webhooks);
    Deliveries deliveries = scene.in(UnitOfWork::deliveries);

    assertThatIllegalStateException().isThrownBy(() -> stacks.find(stack));
    assertThatIllegalStateException().isThrownBy(() -> runs.list(stack, PageRequest.first()));
    assertThatIllegalStateException().isThrownBy(() -> events.skips(new EventId(new UUID(1, 1))));
    assertThatIllegalStateException().isThrownBy(() -> webhooks.list(stack, PageRequest.first()));
    assertThatIllegalStateException().isThrownBy(deliveries::untilNextDue);
  }

  @Test
  default void a_unit_whose_work_threw_has_ended_too() {
    List<UnitOfWork> kept = new ArrayList<>();

    assertThatThrownBy(() ->
            transactor()
                .run(unit -> {
                  kept.add(unit);
                  throw new ArithmeticException("the work gives up");
                }))
        .isInstanceOf(ArithmeticException.class);

    assertThatIllegalStateException().isThrownBy(() -> kept.getFirst().stacks().findAll(List.of()));
  }
}
