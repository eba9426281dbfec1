package dev.runhook.application.dispatch;

import static dev.runhook.application.dispatch.FairQueueFixture.ONE;
import static dev.runhook.application.dispatch.FairQueueFixture.queued;
import static dev.runhook.application.dispatch.FairQueueFixture.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Which webhooks find a place beside which others. There are four places, two for each webhook.
class ReceiverClassTest {
  private final FairQueueFixture bench = new FairQueueFixture(4, 2);
  private final FairQueue queue = bench.queue();

  @Test
  void webhooks_that_have_proven_nothing_never_take_the_last_quarter_of_the_places() {
    bench.addTwoForEach(6, 0);

    assertThat(bench.takeAll()).hasSize(3);
  }

  @Test
  void failing_webhooks_never_take_more_than_half_of_the_places() {
    bench.addTwoForEach(6, 2);

    assertThat(bench.takeAll()).hasSize(2);
  }

  @Test
  void a_webhook_whose_last_attempt_was_delivered_finds_a_place_in_a_crowd_that_hangs() {
    bench.runAttempt(ONE, true);
    bench.addTwoForEach(6, 0);
    bench.takeAll();

    boolean reserved = queue.reserveSlot(ONE);
    queue.addReserved(queued(ONE));

    assertThat(reserved).isTrue();
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void a_new_webhook_finds_a_place_beside_a_failing_crowd() {
    bench.addTwoForEach(4, 2);
    bench.takeAll();
    boolean moreOfTheCrowd = queue.reserveSlot(webhook(11));

    boolean reserved = queue.reserveSlot(ONE);
    queue.addReserved(queued(ONE));

    assertThat(moreOfTheCrowd).isFalse();
    assertThat(reserved).isTrue();
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void a_crowd_is_known_as_failing_after_one_attempt_each() {
    IntStream.rangeClosed(11, 16).forEach(number -> bench.runAttempt(webhook(number), false));
    bench.addTwoForEach(6, 1);
    int crowd = bench.takeAll().size();

    queue.add(queued(ONE));

    assertThat(crowd).isEqualTo(2);
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void one_failure_makes_a_proven_webhook_as_a_new_one() {
    bench.runAttempt(ONE, true);
    bench.runAttempt(ONE, false);
    bench.addTwoForEach(6, 2);
    bench.takeAll();

    queue.add(queued(ONE, 1));
    List<WebhookId> besideTheFailing = bench.takeAll();
    queue.attemptEnded(ONE, false);
    queue.add(queued(ONE, 1));

    assertThat(besideTheFailing).containsExactly(ONE);
    assertThat(bench.takeAll()).isEmpty();
  }

  @Test
  void a_failing_webhook_whose_record_is_clean_again_counts_as_new() {
    bench.runAttempt(ONE, false);
    bench.addTwoForEach(6, 2);
    bench.takeAll();

    queue.add(queued(ONE, 0));

    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_attempt_that_was_not_made_tells_nothing_of_its_webhook() {
    bench.runAttempt(ONE, true);
    queue.add(queued(ONE));
    bench.takeAll();
    queue.attemptAbandoned(ONE);
    queue.attemptCompleted(ONE);
    bench.addTwoForEach(6, 0);
    bench.takeAll();

    queue.add(queued(ONE));

    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void proven_new_and_failing_webhooks_alternate() {
    FairQueueFixture wide = new FairQueueFixture(100, 2);
    LongStream.of(1, 2, 3).forEach(number -> wide.runAttempt(webhook(number), true));
    LongStream.of(1, 2, 3).forEach(number -> wide.queue().add(queued(webhook(number))));
    LongStream.of(4, 5, 6).forEach(number -> wide.queue().add(queued(webhook(number), 2)));
    LongStream.of(7, 8, 9).forEach(number -> wide.queue().add(queued(webhook(number))));

    List<WebhookId> order = wide.takeAll();

    assertThat(order.subList(0, 3)).containsExactlyInAnyOrder(webhook(1), webhook(4), webhook(7));
    assertThat(order.subList(3, 6)).containsExactlyInAnyOrder(webhook(2), webhook(5), webhook(8));
  }

  @Test
  void the_store_is_asked_for_more_of_the_failing_once_they_have_ample_room() {
    LongStream.rangeClosed(1, 8).forEach(number -> queue.add(queued(webhook(number), 2)));
    queue.noteOverflow();

    int settledUntilTold = 0;
    boolean told = false;
    while (!told) {
      WebhookId next = queue.takeNext().orElseThrow().webhookId();
      queue.attemptEnded(next, false);
      told = queue.attemptCompleted(next);
      settledUntilTold++;
    }

    assertThat(settledUntilTold).isEqualTo(2);
    assertThat(queue.freeSlots(ReceiverClass.FAILING)).isEqualTo(2);
  }
}
