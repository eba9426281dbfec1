package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private final TaskBox attempts = new TaskBox();

  @Test
  void one_webhook_has_no_more_under_way_than_its_cap() {
    World world = new World(World.RULES.atMost(10, 2), attempts);
    Webhook webhook = world.webhook(1);

    startMany(world, 6);
    int underWay = attempts.size();
    attempts.runAll();

    assertThat(underWay).isEqualTo(2);
    assertThat(world.told(webhook)).hasSize(6);
  }

  @Test
  void all_together_have_no_more_under_way_than_the_cap_of_all() {
    World world = new World(World.RULES.atMost(3, 2), attempts);
    world.webhook(1);
    world.webhook(2);

    startMany(world, 4);
    int underWay = attempts.size();
    attempts.runAll();

    assertThat(underWay).isEqualTo(3);
    assertThat(world.transport.requests()).hasSize(8);
  }

  @Test
  void what_there_is_no_room_for_in_memory_is_sent_by_a_later_round() {
    World world = new World(World.RULES.atMost(1, 1), attempts);
    Webhook webhook = world.webhook(1);

    startMany(world, 20);
    attempts.runAll();
    int withoutARound = world.told(webhook).size();
    while (world.dispatcher.round().claimed() > 0) {
      attempts.runAll();
    }

    assertThat(withoutARound).isBetween(1, 19);
    assertThat(world.told(webhook)).hasSize(20);
    assertThat(world.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void webhooks_take_turns() {
    World world = new World(World.RULES.atMost(2, 1), attempts);
    Webhook loud = world.webhook(1);
    startMany(world, 3);

    Webhook quiet = world.webhook(2);
    start(world, "last");
    attempts.runNext();
    attempts.runAll();

    List<Integer> order =
        world.transport.requests().stream()
            .map(request -> request.endpoint().equals(quiet.settings().endpoint()) ? 2 : 1)
            .toList();
    assertThat(world.told(loud)).hasSize(4);
    assertThat(order.indexOf(2)).isLessThanOrEqualTo(1);
  }

  @Test
  void a_new_webhook_is_served_beside_a_failing_crowd_that_hangs() {
    World world = new World(World.RULES.atMost(4, 2), attempts);
    for (int number = 1; number <= 6; number++) {
      world.answers(world.webhook(number), World.ERROR);
    }
    startMany(world, 2);
    attempts.runAll();
    start(world, "hangs");
    int hanging = attempts.size();

    Webhook fresh = world.webhook(7);
    start(world, "served");
    attempts.runLast();

    assertThat(hanging).isEqualTo(2);
    assertThat(world.told(fresh)).hasSize(1);
  }

  @Test
  void stopping_gives_back_what_is_not_sent_and_settles_what_is_under_way()
      throws InterruptedException {
    World world = new World(World.RULES.atMost(1, 1), attempts);
    Webhook webhook = world.webhook(1);
    startMany(world, 3);

    boolean stoppedAtOnce = world.dispatcher.stop(Duration.ZERO);
    attempts.runAll();
    boolean stopped = world.dispatcher.stop(Duration.ZERO);

    List<Parcel> left =
        world.store.inTransaction(
            unit -> unit.deliveries().claimDue(new Claim(Duration.ofHours(1), 10, 10, Map.of())));
    assertThat(stoppedAtOnce).isFalse();
    assertThat(stopped).isTrue();
    assertThat(world.told(webhook)).hasSize(1);
    assertThat(left).extracting(Parcel::lease).extracting(Lease::attempt).containsExactly(1, 1);
  }

  @Test
  void after_a_stop_nothing_more_is_taken() throws InterruptedException {
    World world = new World(World.RULES, attempts);
    Webhook webhook = world.webhook(1);

    world.dispatcher.stop(Duration.ZERO);
    world.start("run-1");
    int claimed = world.dispatcher.round().claimed();

    assertThat(claimed).isZero();
    assertThat(attempts.size()).isZero();
    assertThat(world.latestOf(webhook).attempts()).isZero();
  }

  @Test
  void what_waited_in_memory_until_its_lease_ran_short_is_given_back_unsent() {
    World world = new World(World.RULES.atMost(1, 1), attempts);
    Webhook webhook = world.webhook(1);
    startMany(world, 2);

    world.clock.advance(World.RULES.lease().minusSeconds(1));
    attempts.runAll();
    List<String> beforeTheRound = world.told(webhook);
    world.dispatcher.round();
    attempts.runAll();

    assertThat(beforeTheRound).hasSize(1);
    assertThat(world.told(webhook)).hasSize(2);
    assertThat(world.deliveriesOf(webhook)).extracting(Delivery::attempts).containsOnly(1);
  }

  private void startMany(World world, int runs) {
    for (int i = 0; i < runs; i++) {
      start(world, "run-" + i);
    }
  }

  /// The attempts that a start allows lie in the box afterwards, and not the task that puts them
  /// in.
  private void start(World world, String run) {
    world.start(run);
    attempts.runLast();
  }
}
