package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.Round;
import dev.runhook.application.outbox.Intake;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the engine does when its surroundings let it down.
class OverloadTest {
  private static final Duration SOON = Duration.ofMillis(1);

  /// The first task begins attempts, the second is one.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void an_executor_that_turns_a_task_away_costs_that_task_alone(int turnedAway) {
    AtomicInteger tasks = new AtomicInteger();
    World world =
        new World(
            World.RULES,
            task -> {
              if (tasks.incrementAndGet() == turnedAway) {
                throw new RejectedExecutionException("planted");
              }
              task.run();
            });
    Webhook webhook = world.webhook(1);

    world.start("turned-away");
    world.start("taken");
    world.dispatcher.round();

    assertThat(world.deliveriesOf(webhook))
        .hasSize(2)
        .allMatch(delivery -> delivery.status() == Status.DELIVERED);
    assertThat(world.transport.requests()).hasSize(2);
  }

  @Test
  void a_webhook_that_is_full_here_is_not_asked_for_again_and_again() {
    TaskBox attempts = new TaskBox();
    World world = new World(World.RULES.atMost(100, 1), attempts);
    world.webhook(1);
    for (int i = 0; i < 20; i++) {
      world.start("run-" + i);
    }

    world.dispatcher.round();
    Round inVain = world.dispatcher.round();

    assertThat(inVain.claimed()).isZero();
    assertThat(inVain.untilNextDue()).isEmpty();
  }

  @Test
  void room_wakes_the_loop_where_a_round_had_none() throws InterruptedException {
    TaskBox attempts = new TaskBox();
    World world = new World(World.RULES.atMost(1, 1), attempts);
    Webhook webhook = world.webhook(1);
    for (int i = 0; i < 20; i++) {
      world.start("run-" + i);
    }
    world.dispatcher.awaitWork(SOON);
    int rounds = 0;

    while (world.told(webhook).size() < 20 && rounds < 50) {
      world.dispatcher.round();
      attempts.runAll();
      rounds++;
    }

    assertThat(world.told(webhook)).hasSize(20);
    assertThat(rounds).isLessThan(20);
  }

  @Test
  void what_a_round_claims_beside_a_stop_is_given_back() throws InterruptedException {
    World world = new World(World.RULES, new TaskBox());
    Webhook webhook = world.webhook(1);
    world
        .journal(Intake.none(), Runnable::run)
        .start(Samples.start(new RunId(Samples.DEMO, "late")));

    boolean stopped = world.dispatcher.stop(SOON);
    Round afterwards = world.dispatcher.round();

    assertThat(stopped).isTrue();
    assertThat(afterwards.claimed()).isZero();
    assertThat(world.latestOf(webhook).attempts()).isZero();
    assertThat(world.transport.requests()).isEmpty();
  }
}
