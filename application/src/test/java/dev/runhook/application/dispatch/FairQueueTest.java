package dev.runhook.application.dispatch;

import static dev.runhook.application.dispatch.FairQueueFixture.BYTES;
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
  private final FairQueueFixture fixture = new FairQueueFixture(4, 2);
  private final FairQueue queue = fixture.queue();

  @Test
  void webhooks_take_turns_and_none_exceeds_its_limit() {
    fixture.addMany(ONE, 5);
    fixture.addMany(OTHER, 1);

    assertThat(fixture.takeAll()).containsExactly(ONE, OTHER, ONE);
  }

  @Test
  void attempts_in_flight_never_exceed_the_total_limit() {
    fixture.runAttempt(ONE, true);
    fixture.addMany(ONE, 3);
    fixture.addTwoForEach(5, 0);

    assertThat(fixture.takeAll()).hasSize(4);
  }

  @Test
  void an_ended_attempt_frees_the_slot_of_its_webhook() {
    fixture.addMany(ONE, 3);
    fixture.takeAll();

    queue.attemptEnded(ONE, true);

    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_attempt_counts_toward_the_total_limit_until_it_is_completed() {
    fixture.runAttempt(ONE, true);
    fixture.addMany(ONE, 6);
    endAll(true);
    endAll(true);
    List<WebhookId> whileUncompleted = fixture.takeAll();

    queue.attemptCompleted(queued(ONE).leased());

    assertThat(whileUncompleted).isEmpty();
    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void uncompleted_attempts_count_for_the_new_class_of_their_webhook() {
    fixture.runAttempt(ONE, true);
    fixture.addMany(ONE, 4);
    endAll(true);
    endAll(false);
    IntStream.range(0, 4).forEach(ignored -> queue.attemptCompleted(queued(ONE).leased()));

    fixture.addTwoForEach(5, 3);

    assertThat(fixture.takeAll()).hasSize(2);
  }

  @Test
  void an_attempt_holds_its_memory_until_it_is_completed() {
    int slots = fixture.reserveAll(ONE);
    IntStream.range(0, slots).forEach(ignored -> queue.addReserved(queued(ONE)));
    endAll(true);
    endAll(true);
    boolean whileUncompleted = queue.reserveSlot(ONE, BYTES);

    IntStream.range(0, 4).forEach(ignored -> queue.attemptCompleted(queued(ONE).leased()));

    assertThat(whileUncompleted).isFalse();
    assertThat(queue.reserveSlot(ONE, BYTES)).isTrue();
  }

  @Test
  void a_freed_slot_is_reported_after_a_failed_reservation() {
    int slots = fixture.reserveAll(ONE);
    IntStream.range(0, slots).forEach(ignored -> queue.addReserved(queued(ONE)));
    List<Boolean> reported = new ArrayList<>();
    for (List<WebhookId> taken = fixture.takeAll(); !taken.isEmpty(); taken = fixture.takeAll()) {
      for (WebhookId webhook : taken) {
        queue.attemptEnded(webhook, true);
        reported.add(queue.attemptCompleted(queued(webhook).leased()));
      }
    }

    assertThat(reported).first().isEqualTo(false);
    assertThat(reported).contains(true);
    assertThat(queue.freeSlots(ReceiverClass.UNKNOWN)).isEqualTo(12);
  }

  @Test
  void a_freed_slot_is_reported_if_the_webhook_was_full_at_the_last_poll() {
    fixture.addMany(ONE, 2);
    queue.noteOverflow();
    fixture.takeAll();
    queue.attemptEnded(ONE, true);

    assertThat(queue.attemptCompleted(queued(ONE).leased())).isTrue();
  }

  @Test
  void a_recovered_webhook_starts_with_one_attempt_and_doubles_the_number() {
    queue.rampUp(ONE);
    fixture.addMany(ONE, 8);
    int first = fixture.takeAll().size();
    queue.attemptEnded(ONE, true);
    int second = fixture.takeAll().size();

    assertThat(first).isEqualTo(1);
    assertThat(second).isEqualTo(2);
  }

  @Test
  void a_webhook_that_recovered_elsewhere_starts_with_one_attempt() {
    fixture.runAttempt(ONE, false);
    queue.add(queued(ONE, 3));
    fixture.takeAll();
    queue.attemptEnded(ONE, false);
    queue.attemptCompleted(queued(ONE).leased());

    fixture.addMany(ONE, 2);

    assertThat(fixture.takeAll()).hasSize(1);
  }

  @Test
  void eviction_removes_queued_deliveries_but_not_those_in_flight() {
    fixture.addMany(ONE, 5);
    fixture.takeAll();

    assertThat(queue.evict(ONE)).hasSize(3);
    assertThat(queue.heldByWebhook()).containsEntry(ONE, 2);
  }

  @Test
  void a_closed_queue_returns_its_deliveries_and_accepts_none() {
    fixture.addMany(ONE, 3);

    assertThat(queue.close()).hasSize(3);
    assertThat(queue.reserveSlot(ONE, BYTES)).isFalse();
    assertThat(fixture.takeAll()).isEmpty();
  }

  @Test
  void an_empty_webhook_queue_is_removed() {
    queue.reserveSlot(ONE, BYTES);
    queue.releaseSlot(ONE, BYTES);

    assertThat(queue.heldByWebhook()).isEmpty();
    assertThat(queue.freeSlots(ReceiverClass.UNKNOWN)).isEqualTo(12);
  }

  private void endAll(boolean delivered) {
    fixture.takeAll().forEach(webhook -> queue.attemptEnded(webhook, delivered));
  }
}
