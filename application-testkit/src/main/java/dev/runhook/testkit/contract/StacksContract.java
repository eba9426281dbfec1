package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a store does with stacks.
@Promises
public interface StacksContract {
  Transactor transactor();

  @Test
  default void a_stack_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    Stack stack = Samples.fullStack(new StackId(scene.account(), "Net.eu_1"));

    boolean isNew = scene.in(unit -> unit.stacks().save(stack));

    Stack found = scene.in(unit -> unit.stacks().find(stack.id()).orElseThrow());
    assertThat(isNew).isTrue();
    assertThat(found).isEqualTo(stack);
  }

  @Test
  default void a_stack_saved_again_takes_the_place_of_the_one_before() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();

    boolean isNew = scene.in(unit -> unit.stacks().save(Samples.fullStack(scene.stackId())));

    Stack found = scene.in(unit -> unit.stacks().find(scene.stackId()).orElseThrow());
    boolean webhookStays =
        scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).isPresent());
    assertThat(isNew).isFalse();
    assertThat(found).isEqualTo(Samples.fullStack(scene.stackId()));
    assertThat(webhookStays).isTrue();
  }

  @Test
  default void one_slug_in_two_accounts_is_two_stacks() {
    Scene one = Scene.on(transactor());
    Scene other = Scene.on(transactor());

    one.in(unit -> unit.stacks().save(Stack.named(one.stackId(), "mine")));

    Stack untouched = one.in(unit -> unit.stacks().find(other.stackId()).orElseThrow());
    assertThat(untouched.name()).isEqualTo("Demo");
  }

  @Test
  default void of_the_stacks_asked_for_those_come_that_exist() {
    Scene scene = Scene.on(transactor());
    StackId missing = new StackId(scene.account(), "missing");

    Map<StackId, Stack> found =
        scene.in(unit -> unit.stacks().findAll(List.of(missing, scene.stackId())));

    assertThat(found).isEqualTo(Map.of(scene.stackId(), scene.stack()));
  }

  @Test
  default void stacks_are_listed_by_slug_and_only_within_reach() {
    Scene scene = Scene.on(transactor());
    Scene.on(transactor());
    scene.newStack("beta");
    scene.newStack("alpha");
    scene.newStack("omega");

    Page<Stack> all =
        scene.in(unit ->
            unit.stacks().list(scene.account(), new Reach.AllStacks(), PageRequest.first()));
    Page<Stack> some =
        scene.in(unit ->
            unit.stacks()
                .list(
                    scene.account(),
                    new Reach.SomeStacks(Set.of("omega", "beta", "nil")),
                    PageRequest.first()));
    Page<Stack> none =
        scene.in(unit ->
            unit.stacks()
                .list(scene.account(), new Reach.SomeStacks(Set.of()), PageRequest.first()));

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
  default void pages_of_stacks_neither_repeat_nor_skip_while_others_arrive() {
    Scene scene = Scene.on(transactor());
    List.of("b", "d", "f", "h").forEach(scene::newStack);
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Stack> first =
        scene.in(unit -> unit.stacks().list(scene.account(), new Reach.AllStacks(), two));
    scene.newStack("a");
    Page<Stack> second =
        scene.in(unit ->
            unit.stacks()
                .list(
                    scene.account(), new Reach.AllStacks(), two.from(first.next().orElseThrow())));
    Page<Stack> third =
        scene.in(unit ->
            unit.stacks()
                .list(
                    scene.account(), new Reach.AllStacks(), two.from(second.next().orElseThrow())));

    assertThat(first.items()).extracting(stack -> stack.id().slug()).containsExactly("b", "d");
    assertThat(second.items()).extracting(stack -> stack.id().slug()).containsExactly("demo", "f");
    assertThat(third.items()).extracting(stack -> stack.id().slug()).containsExactly("h");
    assertThat(third.next()).isEmpty();
  }

  @Test
  default void deleting_a_stack_takes_all_that_is_on_it() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId finished = scene.deliver(webhook, run);
    Claims.on(scene).deliverAll();
    DeliveryId open = scene.deliver(webhook, run);

    boolean deleted = scene.in(unit -> unit.stacks().delete(scene.stackId()));
    boolean again = scene.in(unit -> unit.stacks().delete(scene.stackId()));

    assertThat(deleted).isTrue();
    assertThat(again).isFalse();
    transactor()
        .run(unit -> {
          assertThat(unit.stacks().find(scene.stackId())).isEmpty();
          assertThat(unit.webhooks().find(scene.stackId(), webhook.id())).isEmpty();
          assertThat(unit.runs().find(run)).isEmpty();
          assertThat(unit.runs().transitions(run)).isEmpty();
          assertThat(unit.deliveries().find(scene.account(), finished)).isEmpty();
          assertThat(unit.deliveries().find(scene.account(), open)).isEmpty();
        });
    assertThat(Claims.on(scene).claim()).isEmpty();
  }

  @Test
  default void deleting_a_stack_leaves_the_others_alone() {
    Scene scene = Scene.on(transactor());
    Scene other = Scene.on(transactor());
    Webhook webhook = other.webhook();
    DeliveryId delivery = other.deliver(webhook, other.run());

    scene.in(unit -> unit.stacks().delete(scene.stackId()));

    boolean stays = other.in(unit -> unit.deliveries().find(other.account(), delivery).isPresent());
    assertThat(stays).isTrue();
  }

  @Test
  default void a_stack_of_a_deleted_ones_name_begins_empty() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.in(unit -> unit.stacks().delete(scene.stackId()));

    boolean isNew = scene.in(unit -> unit.stacks().save(scene.stack()));
    boolean endpointFree = scene.in(unit -> unit.webhooks().add(webhook));
    boolean runFree = scene.in(unit -> unit.runs().add(Samples.run(run, unit.now())));

    assertThat(List.of(isNew, endpointFree, runFree)).containsExactly(true, true, true);
  }
}
