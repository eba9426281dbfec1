package dev.runhook.application.delivery;

import static dev.runhook.application.delivery.QueueBench.ONE;
import static dev.runhook.application.delivery.QueueBench.waiting;
import static dev.runhook.application.delivery.QueueBench.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Which webhooks find a place beside which others. There are four places, two for each webhook.
class ReputationTest {
  private final QueueBench bench = new QueueBench(4, 2);
  private final FairQueue queue = bench.queue();

  @Test
  void webhooks_that_have_proven_nothing_never_take_the_last_quarter_of_the_places() {
    bench.addCrowd(6, 0);

    assertThat(bench.takeAll()).hasSize(3);
  }

  @Test
  void failing_webhooks_never_take_more_than_half_of_the_places() {
    bench.addCrowd(6, 2);

    assertThat(bench.takeAll()).hasSize(2);
  }

  @Test
  void a_webhook_whose_last_attempt_was_delivered_finds_a_place_in_a_crowd_that_hangs() {
    bench.attempt(ONE, true);
    bench.addCrowd(6, 0);
    bench.takeAll();

    boolean reserved = queue.reserve(ONE);
    queue.addReserved(waiting(ONE));

    assertThat(reserved).isTrue();
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void a_new_webhook_finds_a_place_beside_a_failing_crowd() {
    bench.addCrowd(4, 2);
    bench.takeAll();
    boolean moreOfTheCrowd = queue.reserve(webhook(11));

    boolean reserved = queue.reserve(ONE);
    queue.addReserved(waiting(ONE));

    assertThat(moreOfTheCrowd).isFalse();
    assertThat(reserved).isTrue();
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void a_crowd_is_known_as_failing_after_one_attempt_each() {
    IntStream.rangeClosed(11, 16).forEach(number -> bench.attempt(webhook(number), false));
    bench.addCrowd(6, 1);
    int crowd = bench.takeAll().size();

    queue.add(waiting(ONE));

    assertThat(crowd).isEqualTo(2);
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void one_failure_makes_a_proven_webhook_as_a_new_one() {
    bench.attempt(ONE, true);
    bench.attempt(ONE, false);
    bench.addCrowd(6, 2);
    bench.takeAll();

    queue.add(waiting(ONE, 1));
    List<WebhookId> besideTheFailing = bench.takeAll();
    queue.ended(ONE, false);
    queue.add(waiting(ONE, 1));

    assertThat(besideTheFailing).containsExactly(ONE);
    assertThat(bench.takeAll()).isEmpty();
  }

  @Test
  void a_failing_webhook_whose_record_is_clean_again_counts_as_new() {
    bench.attempt(ONE, false);
    bench.addCrowd(6, 2);
    bench.takeAll();

    queue.add(waiting(ONE, 0));

    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_attempt_that_was_not_made_tells_nothing_of_its_webhook() {
    bench.attempt(ONE, true);
    queue.add(waiting(ONE));
    bench.takeAll();
    queue.abandoned(ONE);
    queue.settled(ONE);
    bench.addCrowd(6, 0);
    bench.takeAll();

    queue.add(waiting(ONE));

    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void proven_new_and_failing_webhooks_alternate() {
    QueueBench wide = new QueueBench(100, 2);
    LongStream.of(1, 2, 3).forEach(number -> wide.attempt(webhook(number), true));
    LongStream.of(1, 2, 3).forEach(number -> wide.queue().add(waiting(webhook(number))));
    LongStream.of(4, 5, 6).forEach(number -> wide.queue().add(waiting(webhook(number), 2)));
    LongStream.of(7, 8, 9).forEach(number -> wide.queue().add(waiting(webhook(number))));

    List<WebhookId> order = wide.takeAll();

    assertThat(order.subList(0, 3)).containsExactlyInAnyOrder(webhook(1), webhook(4), webhook(7));
    assertThat(order.subList(3, 6)).containsExactlyInAnyOrder(webhook(2), webhook(5), webhook(8));
  }

  @Test
  void the_store_is_asked_for_more_of_the_failing_once_they_have_ample_room() {
    LongStream.rangeClosed(1, 8).forEach(number -> queue.add(waiting(webhook(number), 2)));
    queue.rememberWhatIsFull();

    int settledUntilTold = 0;
    boolean told = false;
    while (!told) {
      WebhookId next = queue.take().orElseThrow().webhook();
      queue.ended(next, false);
      told = queue.settled(next);
      settledUntilTold++;
    }

    assertThat(settledUntilTold).isEqualTo(2);
    assertThat(queue.freeFor(Reputation.FAILING)).isEqualTo(2);
  }
}
