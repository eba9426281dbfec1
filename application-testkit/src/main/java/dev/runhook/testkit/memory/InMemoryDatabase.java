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
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The content of the store. Rows are immutable, so a copy of the maps is a snapshot. Maps keep the
/// order of insertion.
final class InMemoryDatabase {
  final Map<StackId, Stack> stacks = new LinkedHashMap<>();
  final Map<RunId, Run> runs = new LinkedHashMap<>();
  final Map<TransitionKey, Transition> transitions = new LinkedHashMap<>();
  final Map<TransitionKey, Instant> recordedTimes = new LinkedHashMap<>();
  final Map<RunWebhookKey, Long> lastNotifiedVersions = new LinkedHashMap<>();
  final Map<EventId, RenderedEvent> events = new LinkedHashMap<>();
  final Set<EventId> erasedPayloads = new HashSet<>();
  final List<SkippedDelivery> skippedDeliveries = new ArrayList<>();
  final Map<WebhookId, Webhook> webhooks = new LinkedHashMap<>();
  final Map<WebhookId, DeletedWebhook> deletedWebhooks = new LinkedHashMap<>();
  final Map<WebhookId, Webhook> accountWebhooks = new LinkedHashMap<>();
  final Map<DeliveryId, Cancellation> cancellations = new LinkedHashMap<>();
  final List<EndedInterruption> interruptions = new ArrayList<>();
  final Map<WebhookId, Instant> lastFailures = new LinkedHashMap<>();
  final Map<WebhookId, Instant> nextSends = new LinkedHashMap<>();
  final Set<WebhookId> laggingWebhooks = new HashSet<>();
  final Map<RevisionKey, Webhook.Revision> revisions = new LinkedHashMap<>();
  final Map<DeliveryId, DeliveryRow> deliveries = new LinkedHashMap<>();

  InMemoryDatabase copy() {
    InMemoryDatabase copy = new InMemoryDatabase();
    copy.apply(new InMemoryDatabase(), this);
    return copy;
  }

  /// Makes the changes that lead from one state of another copy to a later one.
  ///
  /// @throws IllegalStateException if a row that they change differs from the earlier state
  void apply(InMemoryDatabase before, InMemoryDatabase after) {
    apply(before.stacks, after.stacks, stacks);
    apply(before.runs, after.runs, runs);
    apply(before.transitions, after.transitions, transitions);
    apply(before.recordedTimes, after.recordedTimes, recordedTimes);
    apply(before.lastNotifiedVersions, after.lastNotifiedVersions, lastNotifiedVersions);
    apply(before.events, after.events, events);
    apply(before.erasedPayloads, after.erasedPayloads, erasedPayloads);
    apply(before.skippedDeliveries, after.skippedDeliveries, skippedDeliveries);
    apply(before.webhooks, after.webhooks, webhooks);
    apply(before.deletedWebhooks, after.deletedWebhooks, deletedWebhooks);
    apply(before.accountWebhooks, after.accountWebhooks, accountWebhooks);
    apply(before.cancellations, after.cancellations, cancellations);
    apply(before.interruptions, after.interruptions, interruptions);
    apply(before.lastFailures, after.lastFailures, lastFailures);
    apply(before.nextSends, after.nextSends, nextSends);
    apply(before.laggingWebhooks, after.laggingWebhooks, laggingWebhooks);
    apply(before.revisions, after.revisions, revisions);
    apply(before.deliveries, after.deliveries, deliveries);
  }

  private static <K, V> void apply(Map<K, V> before, Map<K, V> after, Map<K, V> changed) {
    after.forEach((key, value) -> {
      if (!value.equals(before.get(key))) {
        requireUnchanged(key, before.get(key), changed.put(key, value));
      }
    });
    before.forEach((key, value) -> {
      if (!after.containsKey(key)) {
        requireUnchanged(key, value, changed.remove(key));
      }
    });
  }

  private static void requireUnchanged(Object key, @Nullable Object before, @Nullable Object now) {
    if (!Objects.equals(before, now)) {
      throw new IllegalStateException(
          "two open transactions change " + key + "; a real store would let one of them wait");
    }
  }

  private static <T> void apply(Collection<T> before, Collection<T> after, Collection<T> changed) {
    Set<T> removed = new HashSet<>(before);
    after.forEach(removed::remove);
    changed.removeAll(removed);
    Set<T> known = new HashSet<>(before);
    after.stream().filter(row -> !known.contains(row)).forEach(changed::add);
  }

  void requireStack(StackId stack) {
    if (!stacks.containsKey(stack)) {
      throw new IllegalStateException("unknown stack " + stack);
    }
  }

  /// Returns whether the webhook is listed and counted: it is selected, or deliveries wait.
  boolean isListed(Webhook webhook) {
    return webhook.isSelected()
        || deliveries.values().stream()
            .anyMatch(row -> row.isOpen() && row.webhook().equals(webhook.id()));
  }

  /// Returns when the next attempt of a webhook with a limited rate may begin.
  Optional<Instant> nextSendOf(Webhook webhook) {
    return webhook
        .settings()
        .delivery()
        .interval()
        .flatMap(ignored -> Optional.ofNullable(nextSends.get(webhook.id())));
  }

  /// Returns the revisions of the webhook that the attempts used.
  List<Webhook.Revision> revisionsOf(WebhookId webhook, List<Attempt> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.request().stream())
        .map(snapshot -> new RevisionKey(webhook, snapshot.revision()))
        .distinct()
        .flatMap(key -> Stream.ofNullable(revisions.get(key)))
        .toList();
  }

  record DeletedWebhook(Webhook webhook, Instant deletedAt) {}

  record EndedInterruption(WebhookId webhook, Interruption interruption) {}

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
