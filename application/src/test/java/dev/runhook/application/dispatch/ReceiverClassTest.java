package dev.runhook.application.dispatch;

import static dev.runhook.application.dispatch.FairQueueFixture.BYTES;
import static dev.runhook.application.dispatch.FairQueueFixture.ONE;
import static dev.runhook.application.dispatch.FairQueueFixture.queued;
import static dev.runhook.application.dispatch.FairQueueFixture.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// How receiver classes share slots. There are four slots in total, at most two for each webhook.
class ReceiverClassTest {
  private final FairQueueFixture fixture = new FairQueueFixture(4, 2);
  private final FairQueue queue = fixture.queue();

  @Test
  void unknown_webhooks_never_take_the_last_quarter_of_the_slots() {
    fixture.addTwoForEach(6, 0);

    assertThat(fixture.takeAll()).hasSize(3);
  }

  @Test
  void failing_webhooks_never_take_more_than_half_of_the_slots() {
    fixture.addTwoForEach(6, 2);

    assertThat(fixture.takeAll()).hasSize(2);
  }

  @Test
  void a_healthy_webhook_finds_a_slot_among_many_hanging_ones() {
    fixture.runAttempt(ONE, true);
    fixture.addTwoForEach(6, 0);
    fixture.takeAll();

    boolean reserved = queue.reserveSlot(ONE, BYTES);
    queue.addReserved(queued(ONE));

    assertThat(reserved).isTrue();
    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void a_new_webhook_finds_a_slot_among_many_failing_ones() {
    fixture.addTwoForEach(4, 2);
    fixture.takeAll();
    boolean moreOfFailing = queue.reserveSlot(webhook(11), BYTES);

    boolean reserved = queue.reserveSlot(ONE, BYTES);
    queue.addReserved(queued(ONE));

    assertThat(moreOfFailing).isFalse();
    assertThat(reserved).isTrue();
    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_unknown_webhook_is_failing_after_one_failed_attempt() {
    IntStream.rangeClosed(11, 16).forEach(number -> fixture.runAttempt(webhook(number), false));
    fixture.addTwoForEach(6, 1);
    int taken = fixture.takeAll().size();

    queue.add(queued(ONE));

    assertThat(taken).isEqualTo(2);
    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void one_failure_makes_a_healthy_webhook_unknown() {
    fixture.runAttempt(ONE, true);
    fixture.runAttempt(ONE, false);
    fixture.addTwoForEach(6, 2);
    fixture.takeAll();

    queue.add(queued(ONE, 1));
    List<WebhookId> amongFailing = fixture.takeAll();
    queue.attemptEnded(ONE, false);
    queue.add(queued(ONE, 1));

    assertThat(amongFailing).containsExactly(ONE);
    assertThat(fixture.takeAll()).isEmpty();
  }

  @Test
  void a_failing_webhook_without_stored_failures_is_unknown() {
    fixture.runAttempt(ONE, false);
    fixture.addTwoForEach(6, 2);
    fixture.takeAll();

    queue.add(queued(ONE, 0));

    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void an_abandoned_attempt_does_not_change_the_class() {
    fixture.runAttempt(ONE, true);
    queue.add(queued(ONE));
    fixture.takeAll();
    queue.attemptAbandoned(ONE);
    queue.attemptCompleted(queued(ONE).leased());
    fixture.addTwoForEach(6, 0);
    fixture.takeAll();

    queue.add(queued(ONE));

    assertThat(fixture.takeAll()).containsExactly(ONE);
  }

  @Test
  void healthy_unknown_and_failing_webhooks_alternate() {
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
  void freed_slots_are_reported_for_failing_webhooks_once_there_are_enough() {
    LongStream.rangeClosed(1, 8).forEach(number -> queue.add(queued(webhook(number), 2)));
    queue.noteOverflow();

    int completedUntilReported = 0;
    boolean reported = false;
    while (!reported) {
      WebhookId next = queue.takeNext().orElseThrow().webhookId();
      queue.attemptEnded(next, false);
      reported = queue.attemptCompleted(queued(next).leased());
      completedUntilReported++;
    }

    assertThat(completedUntilReported).isEqualTo(2);
    assertThat(queue.freeSlots(ReceiverClass.FAILING)).isEqualTo(2);
  }
}
