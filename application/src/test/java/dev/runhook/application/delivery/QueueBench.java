package dev.runhook.application.delivery;

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

/// A queue, and short ways to put parcels into it and take them out.
record QueueBench(FairQueue queue) {
  static final WebhookId ONE = webhook(1);
  static final WebhookId OTHER = webhook(2);

  QueueBench(int places, int placesPerWebhook) {
    this(new FairQueue(places, placesPerWebhook));
  }

  static WebhookId webhook(long number) {
    return new WebhookId(new UUID(0, number));
  }

  /// A parcel of a webhook with a clean record.
  static Waiting waiting(WebhookId webhook) {
    return waiting(webhook, 0);
  }

  /// @param failures in a row, by the record
  static Waiting waiting(WebhookId id, int failures) {
    Webhook webhook =
        new Webhook(
            id,
            new StackId(new AccountId("acme"), "demo"),
            WebhookSettings.of(Endpoint.stored("https://example.com/" + id)),
            1,
            SigningKeys.of(SigningSecret.parse("a secret")),
            new Health.Active(failures),
            Instant.EPOCH,
            Instant.EPOCH);
    Letter letter =
        new Letter(
            new EventId(id.value()),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    return new Waiting(new Parcel(new Lease(new DeliveryId(id.value()), 1, 0), webhook, letter), 0);
  }

  void addMany(WebhookId webhook, int many) {
    IntStream.range(0, many).forEach(_ -> queue.add(waiting(webhook)));
  }

  /// Two parcels of each of so many webhooks, whose numbers begin with 11.
  ///
  /// @param failures in a row, by their records
  void addCrowd(int many, int failures) {
    for (int number = 11; number < 11 + many; number++) {
      queue.add(waiting(webhook(number), failures));
      queue.add(waiting(webhook(number), failures));
    }
  }

  /// All that can be begun.
  List<WebhookId> takeAll() {
    List<WebhookId> taken = new ArrayList<>();
    for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
      taken.add(next.get().webhook());
    }
    return taken;
  }

  /// One attempt from the beginning to its settling, in an empty queue.
  void attempt(WebhookId webhook, boolean delivered) {
    queue.add(waiting(webhook));
    takeAll();
    queue.ended(webhook, delivered);
    queue.settled(webhook);
  }

  int reserveAll(WebhookId webhook) {
    int reserved = 0;
    while (queue.reserve(webhook)) {
      reserved++;
    }
    return reserved;
  }
}
