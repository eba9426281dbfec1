package dev.runhook.testkit.memory;

import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The content of the store: tables of immutable rows.
final class InMemoryDatabase {
  private final List<Rows<?, ?>> tables = new ArrayList<>();

  final Rows<StackId, Stack> stacks = table();
  final Rows<RunId, Run> runs = table();
  final Rows<TransitionKey, Transition> transitions = table();
  final Rows<TransitionKey, Instant> recordedTimes = table();
  final Rows<RunWebhookKey, Long> lastNotifiedVersions = table();
  final Rows<EventId, RenderedEvent> events = table();
  final Rows<EventId, Boolean> erasedPayloads = table();
  final Rows<SkippedDelivery, SkippedDelivery> skippedDeliveries = table();
  final Rows<WebhookId, Webhook> webhooks = table();
  final Rows<WebhookId, DeletedWebhook> deletedWebhooks = table();
  final Rows<WebhookId, Webhook> accountWebhooks = table();
  final Rows<DeliveryId, Cancellation> cancellations = table();
  final Rows<WebhookId, List<Interruption>> interruptions = table();
  final Rows<WebhookId, Instant> lastFailures = table();
  final Rows<WebhookId, Instant> nextSends = table();
  final Rows<WebhookId, Boolean> laggingWebhooks = table();
  final Rows<RevisionKey, Webhook.Revision> revisions = table();
  final Rows<DeliveryId, DeliveryRow> deliveries = table();

  private <K, V> Rows<K, V> table() {
    Rows<K, V> table = new Rows<>();
    tables.add(table);
    return table;
  }

  InMemoryDatabase copy() {
    InMemoryDatabase copy = new InMemoryDatabase();
    copy.restore(this);
    return copy;
  }

  /// Replaces the content by that of another copy, with its changes.
  void restore(InMemoryDatabase saved) {
    forEachTable(saved, Rows::copy);
  }

  /// Makes the changes of this copy to a later state of the store.
  ///
  /// @throws IllegalStateException if they change a row that others have changed
  void rebase(InMemoryDatabase committed) {
    forEachTable(committed, Rows::rebase);
  }

  /// Makes the changes final. After that, this database is only copied.
  void commit() {
    tables.forEach(Rows::commit);
  }

  @SuppressWarnings("unchecked") // every database has the same tables
  private void forEachTable(
      InMemoryDatabase other, BiConsumer<Rows<Object, Object>, Rows<Object, Object>> change) {
    for (int i = 0; i < tables.size(); i++) {
      change.accept(
          (Rows<Object, Object>) tables.get(i), (Rows<Object, Object>) other.tables.get(i));
    }
  }

  Stream<DeliveryRow> openDeliveries() {
    return deliveries.values().stream().filter(DeliveryRow::isOpen);
  }

  void requireStack(StackId stack) {
    if (!stacks.contains(stack)) {
      throw new IllegalStateException("unknown stack " + stack);
    }
  }

  /// Returns the interruptions of the webhook that have ended, the oldest first.
  List<Interruption> interruptionsOf(WebhookId webhook) {
    return interruptions.find(webhook).orElse(List.of());
  }

  void put(DeliveryRow row) {
    deliveries.put(row.id(), row);
  }

  /// Returns whether the webhook is listed and counted: it is selected, or deliveries wait.
  boolean isListed(Webhook webhook) {
    return webhook.isSelected()
        || openDeliveries().anyMatch(row -> row.webhook().equals(webhook.id()));
  }

  /// Returns when the next attempt of a webhook with a limited rate may begin.
  Optional<Instant> nextSendOf(Webhook webhook) {
    return webhook
        .settings()
        .delivery()
        .interval()
        .flatMap(ignored -> nextSends.find(webhook.id()));
  }

  /// Returns the revisions of the webhook that the attempts used.
  List<Webhook.Revision> revisionsOf(WebhookId webhook, List<Attempt> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.request().stream())
        .map(snapshot -> new RevisionKey(webhook, snapshot.revision()))
        .distinct()
        .flatMap(key -> revisions.find(key).stream())
        .toList();
  }

  record DeletedWebhook(Webhook webhook, Instant deletedAt) {}

  record RevisionKey(WebhookId webhook, int number) {}

  /// Identifies the last version of a run that was sent to a webhook.
  record RunWebhookKey(RunId run, WebhookId webhook) {
    /// Returns the key of a new delivery; empty for pings and redeliveries.
    static Optional<RunWebhookKey> of(NewDelivery added) {
      return added
          .run()
          .filter(ignored -> added.content().redeliveryOf().isEmpty())
          .map(run -> new RunWebhookKey(run, added.webhook().id()));
    }
  }
}
