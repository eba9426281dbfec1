package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// A queue, with shortcuts to add and take deliveries.
record FairQueueFixture(FairQueue queue) {
  /// The size of a delivery.
  static final int BYTES = 2;

  static final WebhookId ONE = webhook(1);
  static final WebhookId OTHER = webhook(2);

  FairQueueFixture(int maxInFlight, int maxInFlightPerWebhook) {
    this(maxInFlight, maxInFlightPerWebhook, 1_000_000);
  }

  FairQueueFixture(int maxInFlight, int maxInFlightPerWebhook, long maxBytes) {
    this(
        new FairQueue(
            DispatchConfig.of(
                    new RetrySchedule(List.of(Duration.ofSeconds(1))),
                    new PausePolicy(10, List.of(Duration.ofSeconds(1))),
                    Duration.ofSeconds(10))
                .withConcurrency(maxInFlight, maxInFlightPerWebhook)
                .withMaxBytesInFlight(maxBytes)));
  }

  static WebhookId webhook(long number) {
    return new WebhookId(new UUID(0, number));
  }

  /// A delivery of a webhook without failures.
  static QueuedDelivery queued(WebhookId webhook) {
    return queued(webhook, 0);
  }

  /// @param failures the webhook's consecutive failures
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
    DeliveryContent content =
        new DeliveryContent(
            new EventId(id.value()),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of(new byte[BYTES]),
            Optional.empty(),
            Optional.empty());
    return new QueuedDelivery(
        new LeasedDelivery(new Lease(new DeliveryId(id.value()), 1, 0), webhook, content), 0);
  }

  void addMany(WebhookId webhook, int count) {
    IntStream.range(0, count).forEach(ignored -> queue.add(queued(webhook)));
  }

  /// Adds two deliveries for each of several webhooks, which are numbered from 11.
  ///
  /// @param failures the consecutive failures of each webhook
  void addTwoForEach(int webhooks, int failures) {
    for (int number = 11; number < 11 + webhooks; number++) {
      queue.add(queued(webhook(number), failures));
      queue.add(queued(webhook(number), failures));
    }
  }

  /// Takes every delivery whose attempt can start.
  List<WebhookId> takeAll() {
    List<WebhookId> taken = new ArrayList<>();
    for (Optional<QueuedDelivery> next = queue.takeNext();
        next.isPresent();
        next = queue.takeNext()) {
      taken.add(next.get().webhookId());
    }
    return taken;
  }

  /// Runs one attempt, from adding its delivery to completing it. The queue is empty.
  void runAttempt(WebhookId webhook, boolean delivered) {
    queue.add(queued(webhook));
    takeAll();
    queue.attemptEnded(webhook, delivered);
    queue.attemptCompleted(queued(webhook).leased());
  }

  int reserveAll(WebhookId webhook) {
    int reserved = 0;
    while (queue.reserveSlot(webhook, BYTES)) {
      reserved++;
    }
    return reserved;
  }
}
