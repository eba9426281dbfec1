package dev.runhook.application.dispatch;

import static dev.runhook.application.dispatch.FairQueueFixture.ONE;
import static dev.runhook.application.dispatch.FairQueueFixture.OTHER;
import static dev.runhook.application.dispatch.FairQueueFixture.queued;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueueFixture bench = new FairQueueFixture(4, 2);
  private final FairQueue queue = bench.queue();

  @Test
  void webhooks_take_turns_and_none_has_more_under_way_than_its_places() {
    bench.addMany(ONE, 5);
    bench.addMany(OTHER, 1);

    assertThat(bench.takeAll()).containsExactly(ONE, OTHER, ONE);
  }

  @Test
  void no_more_are_under_way_than_there_are_places() {
    bench.runAttempt(ONE, true);
    bench.addMany(ONE, 3);
    bench.addTwoForEach(5, 0);

    assertThat(bench.takeAll()).hasSize(4);
  }

  @Test
  void a_webhooks_place_is_free_as_soon_as_its_attempt_has_ended() {
    bench.addMany(ONE, 3);
    bench.takeAll();

    queue.attemptEnded(ONE, true);

    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_attempt_keeps_its_place_among_all_until_it_is_settled() {
    bench.runAttempt(ONE, true);
    bench.addMany(ONE, 6);
    endAll(true);
    endAll(true);
    List<WebhookId> whileUnsettled = bench.takeAll();

    queue.attemptCompleted(ONE);

    assertThat(whileUnsettled).isEmpty();
    assertThat(bench.takeAll()).containsExactly(ONE);
  }

  @Test
  void what_is_unsettled_counts_as_what_its_webhook_has_become() {
    bench.runAttempt(ONE, true);
    bench.addMany(ONE, 4);
    endAll(true);
    endAll(false);
    IntStream.range(0, 4).forEach(_ -> queue.attemptCompleted(ONE));

    bench.addTwoForEach(5, 3);

    assertThat(bench.takeAll()).hasSize(2);
  }

  @Test
  void an_attempt_keeps_its_room_until_it_is_settled() {
    int room = bench.reserveAll(ONE);
    IntStream.range(0, room).forEach(_ -> queue.addReserved(queued(ONE)));
    endAll(true);
    endAll(true);
    boolean whileUnsettled = queue.reserveSlot(ONE);

    IntStream.range(0, 4).forEach(_ -> queue.attemptCompleted(ONE));

    assertThat(whileUnsettled).isFalse();
    assertThat(queue.reserveSlot(ONE)).isTrue();
  }

  @Test
  void room_that_somebody_asked_for_in_vain_is_told_once_it_is_there() {
    int room = bench.reserveAll(ONE);
    IntStream.range(0, room).forEach(_ -> queue.addReserved(queued(ONE)));
    List<Boolean> told = new ArrayList<>();
    for (List<WebhookId> taken = bench.takeAll(); !taken.isEmpty(); taken = bench.takeAll()) {
      for (WebhookId webhook : taken) {
        queue.attemptEnded(webhook, true);
        told.add(queue.attemptCompleted(webhook));
      }
    }

    assertThat(told).first().isEqualTo(false);
    assertThat(told).contains(true);
    assertThat(queue.freeSlots(ReceiverClass.UNKNOWN)).isEqualTo(12);
  }

  @Test
  void what_was_full_when_the_store_was_asked_is_told_once_there_is_room() {
    bench.addMany(ONE, 2);
    queue.noteOverflow();
    bench.takeAll();
    queue.attemptEnded(ONE, true);

    assertThat(queue.attemptCompleted(ONE)).isTrue();
  }

  @Test
  void a_webhook_that_is_well_again_begins_with_one_and_doubles() {
    queue.rampUp(ONE);
    bench.addMany(ONE, 8);
    int first = bench.takeAll().size();
    queue.attemptEnded(ONE, true);
    int second = bench.takeAll().size();

    assertThat(first).isEqualTo(1);
    assertThat(second).isEqualTo(2);
  }

  @Test
  void what_waits_is_dropped_and_what_is_under_way_is_not() {
    bench.addMany(ONE, 5);
    bench.takeAll();

    assertThat(queue.evict(ONE)).hasSize(3);
    assertThat(queue.heldByWebhook()).containsEntry(ONE, 2);
  }

  @Test
  void a_closed_queue_gives_out_what_waits_and_takes_nothing() {
    bench.addMany(ONE, 3);

    assertThat(queue.close()).hasSize(3);
    assertThat(queue.reserveSlot(ONE)).isFalse();
    assertThat(bench.takeAll()).isEmpty();
  }

  @Test
  void nothing_is_remembered_of_a_webhook_of_which_nothing_is_held() {
    queue.reserveSlot(ONE);
    queue.releaseSlot(ONE);

    assertThat(queue.heldByWebhook()).isEmpty();
    assertThat(queue.freeSlots(ReceiverClass.UNKNOWN)).isEqualTo(12);
  }

  private void endAll(boolean delivered) {
    bench.takeAll().forEach(webhook -> queue.attemptEnded(webhook, delivered));
  }
}
