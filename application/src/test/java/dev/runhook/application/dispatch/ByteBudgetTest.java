package dev.runhook.application.dispatch;

import static dev.runhook.application.dispatch.FairQueueFixture.BYTES;
import static dev.runhook.application.dispatch.FairQueueFixture.ONE;
import static dev.runhook.application.dispatch.FairQueueFixture.OTHER;
import static dev.runhook.application.dispatch.FairQueueFixture.queued;
import static dev.runhook.application.dispatch.FairQueueFixture.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.ByteLimits;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The limits of bytes in a [FairQueue] whose limits of slots are not reached.
class ByteBudgetTest {
  private static final long BUDGET = 320;

  private final FairQueueFixture fixture = new FairQueueFixture(100, 25, BUDGET);
  private final FairQueue queue = fixture.queue();

  @Test
  void a_webhook_gets_its_share_of_the_bytes() {
    assertThat(reserveAll(1, 10)).isEqualTo(8);
    assertThat(queue.reserveSlot(OTHER, 10)).isTrue();
  }

  @Test
  void a_delivery_that_is_larger_than_the_budget_is_held_alone() {
    boolean reserved = queue.reserveSlot(ONE, 10 * BUDGET);
    boolean another = queue.reserveSlot(OTHER, 1);

    queue.releaseSlot(ONE, 10 * BUDGET);

    assertThat(reserved).isTrue();
    assertThat(another).isFalse();
    assertThat(queue.reserveSlot(OTHER, 1)).isTrue();
  }

  @Test
  void unknown_webhooks_leave_a_quarter_to_healthy_ones() {
    fixture.runAttempt(ONE, true);

    int unknown = IntStream.rangeClosed(11, 20).map(number -> reserveAll(number, 10)).sum();
    int healthy = reserveAll(1, 10);

    assertThat(unknown).isEqualTo(24);
    assertThat(healthy).isEqualTo(8);
  }

  @Test
  void failing_webhooks_use_at_most_half() {
    for (int number = 11; number <= 20; number++) {
      fixture.runAttempt(webhook(number), false);
    }

    int failing = IntStream.rangeClosed(11, 20).map(number -> reserveAll(number, 10)).sum();
    int unknown = reserveAll(1, 10);

    assertThat(failing).isEqualTo(16);
    assertThat(unknown).isEqualTo(8);
  }

  @Test
  void an_attempt_holds_its_bytes_until_it_is_completed() {
    int reserved = reserveAll(1, BYTES);
    IntStream.range(0, reserved).forEach(ignored -> queue.addReserved(queued(ONE)));
    fixture.takeAll().forEach(taken -> queue.attemptEnded(taken, true));
    boolean whileUncompleted = queue.reserveSlot(ONE, BYTES);

    queue.attemptCompleted(queued(ONE).leased());

    assertThat(whileUncompleted).isFalse();
    assertThat(queue.reserveSlot(ONE, BYTES)).isTrue();
  }

  @Test
  void freed_bytes_are_reported_once_half_of_the_share_is_free() {
    int reserved = reserveAll(1, BYTES);
    IntStream.range(0, reserved).forEach(ignored -> queue.addReserved(queued(ONE)));

    int completed = 0;
    boolean reported = false;
    while (!reported) {
      fixture.takeAll().forEach(taken -> queue.attemptEnded(taken, true));
      reported = queue.attemptCompleted(queued(ONE).leased());
      completed++;
    }

    assertThat(completed).isEqualTo(reserved / 2);
  }

  @Test
  void evicted_deliveries_free_their_bytes() {
    fixture.addMany(ONE, 40);
    boolean before = queue.reserveSlot(ONE, BYTES);

    queue.evict(ONE);

    assertThat(before).isFalse();
    assertThat(queue.reserveSlot(ONE, BYTES)).isTrue();
  }

  @Test
  void a_claim_may_load_a_sixteenth_of_the_budget_and_concurrent_claims_share_the_rest() {
    ByteLimits first = queue.reserveBytes();
    IntStream.range(0, 11).forEach(ignored -> queue.reserveBytes());

    ByteLimits none = queue.reserveBytes();
    queue.releaseBytes(first);

    assertThat(first.total()).isEqualTo(BUDGET / 16);
    assertThat(none.total()).isZero();
    assertThat(queue.reserveBytes().total()).isEqualTo(BUDGET / 16);
  }

  @Test
  void nothing_is_claimed_without_free_bytes_or_for_a_webhook_that_holds_its_share() {
    fixture.addMany(ONE, 40);
    ByteLimits bytes = queue.reserveBytes();
    ClaimRequest request = queue.claimRequest(Duration.ofHours(1), 10, bytes);
    for (int number = 11; number <= 16; number++) {
      fixture.addMany(webhook(number), 40);
    }

    assertThat(request.heldByWebhook().get(ONE)).isEqualTo(request.limitPerWebhook());
    assertThat(bytes.heldByWebhook()).containsEntry(ONE, 40L * BYTES);
    assertThat(queue.freeSlots(ReceiverClass.UNKNOWN)).isZero();
  }

  private int reserveAll(long number, long bytes) {
    int reserved = 0;
    while (queue.reserveSlot(webhook(number), bytes)) {
      reserved++;
    }
    return reserved;
  }
}
