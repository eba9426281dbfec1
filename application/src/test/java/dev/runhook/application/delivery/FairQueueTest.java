package dev.runhook.application.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.FairQueue.Waiting;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private static final WebhookId ONE = new WebhookId(new UUID(0, 1));
  private static final WebhookId OTHER = new WebhookId(new UUID(0, 2));

  private final FairQueue queue = new FairQueue(4, 2);

  @Test
  void webhooks_take_turns_and_none_has_more_under_way_than_its_places() {
    addMany(ONE, 5);
    addMany(OTHER, 1);

    assertThat(takeAll()).containsExactly(ONE, OTHER, ONE);
  }

  @Test
  void webhooks_that_have_proven_nothing_never_take_the_last_quarter_of_the_places() {
    IntStream.rangeClosed(1, 6).forEach(number -> addMany(new WebhookId(new UUID(0, number)), 2));

    assertThat(takeAll()).hasSize(3);
  }

  @Test
  void a_webhook_whose_last_attempt_was_delivered_finds_a_place_in_a_crowd_that_hangs() {
    prove(ONE);
    IntStream.rangeClosed(2, 7).forEach(number -> addMany(new WebhookId(new UUID(0, number)), 2));
    takeAll();

    boolean reserved = queue.reserve(ONE);
    queue.addReserved(waiting(ONE));

    assertThat(reserved).isTrue();
    assertThat(takeAll()).containsExactly(ONE);
  }

  @Test
  void a_webhook_that_fails_loses_its_good_name() {
    prove(ONE);
    queue.add(waiting(ONE));
    takeAll();
    queue.ended(ONE, false);
    queue.settled(ONE);
    IntStream.rangeClosed(2, 4).forEach(number -> addMany(new WebhookId(new UUID(0, number)), 1));
    takeAll();

    queue.add(waiting(ONE));

    assertThat(takeAll()).isEmpty();
  }

  @Test
  void no_more_are_under_way_than_there_are_places() {
    prove(ONE);
    addMany(ONE, 3);
    IntStream.rangeClosed(2, 6).forEach(number -> addMany(new WebhookId(new UUID(0, number)), 2));

    assertThat(takeAll()).hasSize(4);
  }

  @Test
  void a_place_is_free_as_soon_as_its_attempt_has_ended() {
    addMany(ONE, 3);
    takeAll();

    queue.ended(ONE, true);

    assertThat(takeAll()).containsExactly(ONE);
  }

  @Test
  void an_attempt_keeps_its_room_until_it_is_settled() {
    int room = reserveAll();
    IntStream.range(0, room).forEach(_ -> queue.addReserved(waiting(ONE)));
    for (List<WebhookId> taken = takeAll(); !taken.isEmpty(); taken = takeAll()) {
      taken.forEach(webhook -> queue.ended(webhook, true));
    }
    boolean whileUnsettled = queue.reserve(ONE);

    IntStream.range(0, room).forEach(_ -> queue.settled(ONE));

    assertThat(whileUnsettled).isFalse();
    assertThat(queue.reserve(ONE)).isTrue();
  }

  @Test
  void room_that_somebody_asked_for_in_vain_is_told_once_it_is_there() {
    int room = reserveAll();
    IntStream.range(0, room).forEach(_ -> queue.addReserved(waiting(ONE)));
    List<Boolean> told = new ArrayList<>();
    for (List<WebhookId> taken = takeAll(); !taken.isEmpty(); taken = takeAll()) {
      for (WebhookId webhook : taken) {
        queue.ended(webhook, true);
        told.add(queue.settled(webhook));
      }
    }

    assertThat(told).first().isEqualTo(false);
    assertThat(told).contains(true);
    assertThat(queue.free()).isEqualTo(12);
  }

  @Test
  void what_was_full_when_the_store_was_asked_is_told_once_there_is_room() {
    addMany(ONE, 2);
    queue.rememberWhatIsFull();
    takeAll();
    queue.ended(ONE, true);

    assertThat(queue.settled(ONE)).isTrue();
  }

  @Test
  void a_webhook_that_is_well_again_begins_with_one_and_doubles() {
    queue.rampUp(ONE);
    addMany(ONE, 8);
    int first = takeAll().size();
    queue.ended(ONE, true);
    int second = takeAll().size();

    assertThat(first).isEqualTo(1);
    assertThat(second).isEqualTo(2);
  }

  @Test
  void what_waits_is_dropped_and_what_is_under_way_is_not() {
    addMany(ONE, 5);
    takeAll();

    assertThat(queue.drop(ONE)).hasSize(3);
    assertThat(queue.heldByWebhook()).containsEntry(ONE, 2);
  }

  @Test
  void a_closed_queue_gives_out_what_waits_and_takes_nothing() {
    addMany(ONE, 3);

    assertThat(queue.close()).hasSize(3);
    assertThat(queue.reserve(ONE)).isFalse();
    assertThat(takeAll()).isEmpty();
  }

  @Test
  void nothing_is_remembered_of_a_webhook_of_which_nothing_is_held() {
    queue.reserve(ONE);
    queue.giveBack(ONE);

    assertThat(queue.heldByWebhook()).isEmpty();
    assertThat(queue.free()).isEqualTo(12);
  }

  private void prove(WebhookId webhook) {
    queue.add(waiting(webhook));
    takeAll();
    queue.ended(webhook, true);
    queue.settled(webhook);
  }

  private int reserveAll() {
    int reserved = 0;
    while (queue.reserve(ONE)) {
      reserved++;
    }
    return reserved;
  }

  private void addMany(WebhookId webhook, int many) {
    IntStream.range(0, many).forEach(_ -> queue.add(waiting(webhook)));
  }

  private List<WebhookId> takeAll() {
    List<WebhookId> taken = new ArrayList<>();
    for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
      taken.add(next.get().webhook());
    }
    return taken;
  }

  private static Waiting waiting(WebhookId id) {
    Webhook webhook =
        new Webhook(
            id,
            new StackId(new AccountId("acme"), "demo"),
            WebhookSettings.of(Endpoint.stored("https://example.com/" + id)),
            SigningKeys.of(SigningSecret.parse("a secret")),
            Health.healthy(),
            Instant.EPOCH,
            Instant.EPOCH);
    Letter letter =
        new Letter(
            new EventId(id.value()),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty());
    return new Waiting(new Parcel(new Lease(new DeliveryId(id.value()), 1, 0), webhook, letter), 0);
  }
}
