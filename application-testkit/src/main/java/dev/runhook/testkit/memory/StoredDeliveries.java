package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Deliveries.Predecessor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.LatestRedelivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.text.Sha256;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.memory.InMemoryDatabase.DeletedWebhook;
import java.time.Instant;
import java.util.Optional;

/// Deliveries as users see them: with what the database has about their webhook, lane and attempts.
///
/// @param now the time of the unit that reads
record StoredDeliveries(InMemoryDatabase database, Instant now) {
  StoredDelivery withAttempts(DeliveryRow row, Page<Attempt> attempts) {
    return new StoredDelivery(
        toDelivery(row),
        webhookEvenIfDeleted(row),
        deleted(row).map(DeletedWebhook::deletedAt),
        stored(row, row.content().payload()),
        attempts.items().reversed().stream().map(attempt -> stored(row, attempt)).toList(),
        attempts.next(),
        database.revisionsOf(row.webhook(), attempts.items()),
        new InMemoryLanes(database, now).findBlockingHead(row).map(this::toDelivery),
        database.cancellations.find(row.id()),
        findPredecessor(row),
        database.interruptionsOf(row.webhook()).stream()
            .filter(ended -> !ended.until().isBefore(row.id().createdAt()))
            .limit(StoredDelivery.MAX_INTERRUPTIONS)
            .toList(),
        row.content().trace(),
        row.content().changes());
  }

  private Optional<Predecessor> findPredecessor(DeliveryRow row) {
    return database.deliveries.values().stream()
        .filter(other -> row.lane().filter(LaneKey::ofRun).filter(other::isInLane).isPresent())
        .filter(other -> other.id().value().compareTo(row.id().value()) < 0)
        .filter(other -> finishedAt(other).isPresent())
        .max(comparing(other -> other.id().value()))
        .map(other ->
            new Predecessor(
                other.id(),
                other.content().transition().orElseThrow(),
                finishedAt(other).orElseThrow()))
        .filter(other -> !other.finishedAt().isBefore(row.id().createdAt()));
  }

  private Optional<Instant> finishedAt(DeliveryRow row) {
    return row.state()
        .finishedAt()
        .or(() -> database.cancellations.find(row.id()).map(Cancellation::at));
  }

  Delivery toDelivery(DeliveryRow row) {
    Optional<LatestRedelivery> resentAs =
        database.deliveries.values().stream()
            .filter(ignored -> row.status() == Status.FAILED || row.status() == Status.CANCELED)
            .filter(other -> other.webhook().equals(row.webhook()))
            .filter(other -> other.content().event().equals(row.content().event()))
            .filter(other -> other.id().value().compareTo(row.id().value()) > 0)
            .max(comparing(other -> other.id().value()))
            .map(latest -> new LatestRedelivery(latest.id(), latest.status()));
    Webhook webhook = webhookEvenIfDeleted(row);
    return row.toDelivery(
        row.state().phase(webhook.health(), database.nextSendOf(webhook), now), resentAs);
  }

  private Attempt stored(DeliveryRow row, Attempt attempt) {
    return attempt
        .request()
        .flatMap(sent ->
            sent.body()
                .flatMap(StoredPayload::findPayload)
                .map(body -> attempt.withRequest(sent.withBody(stored(row, body)))))
        .orElse(attempt);
  }

  private StoredPayload stored(DeliveryRow row, Payload payload) {
    return database.erasedPayloads.contains(row.content().event())
        ? new StoredPayload.Erased(Sha256.hex(payload.bytes()), payload.format())
        : new StoredPayload.Present(payload);
  }

  static boolean isIn(DeliveryScope scope, Delivery delivery) {
    Optional<String> run = delivery.transition().map(Delivery.TransitionRef::run);
    return delivery.stack().account().equals(scope.account())
        && scope.stackScope().includes(delivery.stack().slug())
        && switch (scope) {
          case DeliveryScope.OfWebhook(var ignored, var webhook, var name) ->
              delivery.webhook().equals(webhook) && (name.isEmpty() || run.equals(name));
          case DeliveryScope.OfRun(var id, var webhook) ->
              run.equals(Optional.of(id.name()))
                  && webhook.map(delivery.webhook()::equals).orElse(true);
          case DeliveryScope.OfAccount(var ignored, var ignoredScope, var name, var webhook) ->
              (name.isEmpty() || run.equals(name))
                  && webhook.map(delivery.webhook()::equals).orElse(true);
        };
  }

  private Optional<DeletedWebhook> deleted(DeliveryRow row) {
    return database.deletedWebhooks.find(row.webhook());
  }

  private Webhook webhookEvenIfDeleted(DeliveryRow row) {
    return deleted(row)
        .map(DeletedWebhook::webhook)
        .orElseGet(() -> database.webhooks.find(row.webhook()).orElseThrow());
  }
}
