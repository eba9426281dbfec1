package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
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

/// A queue, and short ways to put parcels into it and take them out.
record FairQueueFixture(FairQueue queue) {
  static final WebhookId ONE = webhook(1);
  static final WebhookId OTHER = webhook(2);

  FairQueueFixture(int places, int placesPerWebhook) {
    this(new FairQueue(places, placesPerWebhook));
  }

  static WebhookId webhook(long number) {
    return new WebhookId(new UUID(0, number));
  }

  /// A parcel of a webhook with a clean record.
  static QueuedDelivery queued(WebhookId webhook) {
    return queued(webhook, 0);
  }

  /// @param failures in a row, by the record
  static QueuedDelivery queued(WebhookId id, int failures) {
    Webhook webhook =
        new Webhook(
            id,
            new StackId(new AccountId("acme"), "demo"),
            WebhookSettings.of(Endpoint.ofStored("https://example.com/" + id)),
            1,
            SigningKeys.of(SigningSecret.parse("a secret")),
            new Health.Active(failures),
            Instant.EPOCH,
            Instant.EPOCH);
    DeliveryContent deliveryContent =
        new DeliveryContent(
            new EventId(id.value()),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    return new QueuedDelivery(
        new LeasedDelivery(new Lease(new DeliveryId(id.value()), 1, 0), webhook, deliveryContent),
        0);
  }

  void addMany(WebhookId webhook, int many) {
    IntStream.range(0, many).forEach(_ -> queue.add(queued(webhook)));
  }

  /// Two parcels of each of so many webhooks, whose numbers begin with 11.
  ///
  /// @param failures in a row, by their records
  void addTwoForEach(int many, int failures) {
    for (int number = 11; number < 11 + many; number++) {
      queue.add(queued(webhook(number), failures));
      queue.add(queued(webhook(number), failures));
    }
  }

  /// All that can be begun.
  List<WebhookId> takeAll() {
    List<WebhookId> taken = new ArrayList<>();
    for (Optional<QueuedDelivery> next = queue.takeNext();
        next.isPresent();
        next = queue.takeNext()) {
      taken.add(next.get().webhookId());
    }
    return taken;
  }

  /// One attempt from the beginning to its settling, in an empty queue.
  void runAttempt(WebhookId webhook, boolean delivered) {
    queue.add(queued(webhook));
    takeAll();
    queue.attemptEnded(webhook, delivered);
    queue.attemptCompleted(webhook);
  }

  int reserveAll(WebhookId webhook) {
    int reserved = 0;
    while (queue.reserveSlot(webhook)) {
      reserved++;
    }
    return reserved;
  }
}
