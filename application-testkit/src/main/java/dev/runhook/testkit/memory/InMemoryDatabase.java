package dev.runhook.testkit.memory;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.Events.RenderedEvent;
import dev.runhook.application.spi.Events.SkippedDelivery;
import dev.runhook.application.spi.IdempotencyKeys;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.AccountWebhook;
import dev.runhook.domain.webhook.AccountWebhookId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.memory.InMemoryReplays.ReplayRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The content of the store. Rows are immutable, so a copy of the maps is a snapshot. Maps keep the
/// order of insertion.
final class InMemoryDatabase {
  final Map<StackId, Stack> stacks;
  final Map<RunId, Run> runs;
  final Map<TransitionKey, Transition> transitions;
  final Map<TransitionKey, Instant> recordedTimes;
  final Map<RunWebhookKey, Long> lastNotifiedVersions;
  final Map<EventId, RenderedEvent> events;
  final Set<EventId> erasedPayloads;
  final List<SkippedDelivery> skippedDeliveries;
  final Map<WebhookId, Webhook> webhooks;
  final Map<WebhookId, DeletedWebhook> deletedWebhooks;
  final Map<AccountWebhookId, AccountWebhook> accountWebhooks;
  final Map<WebhookId, Instant> lastFailures;
  final Set<WebhookId> laggingWebhooks;
  final Map<RevisionKey, Webhook.Revision> revisions;
  final Map<DeliveryId, DeliveryRow> deliveries;
  final Map<ReplayId, ReplayRow> replays;
  final Map<TokenId, Token> tokens;
  final Map<TokenHash, TokenId> tokenIdsByHash;
  final Map<SessionId, WebSession> sessions;
  final Map<Fingerprint, IdempotencyKeyRow> idempotencyKeys;
  final List<AuditEvent> auditEvents;

  InMemoryDatabase() {
    stacks = new LinkedHashMap<>();
    runs = new LinkedHashMap<>();
    transitions = new LinkedHashMap<>();
    recordedTimes = new LinkedHashMap<>();
    lastNotifiedVersions = new LinkedHashMap<>();
    events = new LinkedHashMap<>();
    erasedPayloads = new HashSet<>();
    skippedDeliveries = new ArrayList<>();
    webhooks = new LinkedHashMap<>();
    deletedWebhooks = new LinkedHashMap<>();
    accountWebhooks = new LinkedHashMap<>();
    lastFailures = new LinkedHashMap<>();
    laggingWebhooks = new HashSet<>();
    revisions = new LinkedHashMap<>();
    deliveries = new LinkedHashMap<>();
    replays = new LinkedHashMap<>();
    tokens = new LinkedHashMap<>();
    tokenIdsByHash = new LinkedHashMap<>();
    sessions = new LinkedHashMap<>();
    idempotencyKeys = new LinkedHashMap<>();
    auditEvents = new ArrayList<>();
  }

  private InMemoryDatabase(InMemoryDatabase from) {
    stacks = new LinkedHashMap<>(from.stacks);
    runs = new LinkedHashMap<>(from.runs);
    transitions = new LinkedHashMap<>(from.transitions);
    recordedTimes = new LinkedHashMap<>(from.recordedTimes);
    lastNotifiedVersions = new LinkedHashMap<>(from.lastNotifiedVersions);
    events = new LinkedHashMap<>(from.events);
    erasedPayloads = new HashSet<>(from.erasedPayloads);
    skippedDeliveries = new ArrayList<>(from.skippedDeliveries);
    webhooks = new LinkedHashMap<>(from.webhooks);
    deletedWebhooks = new LinkedHashMap<>(from.deletedWebhooks);
    accountWebhooks = new LinkedHashMap<>(from.accountWebhooks);
    lastFailures = new LinkedHashMap<>(from.lastFailures);
    laggingWebhooks = new HashSet<>(from.laggingWebhooks);
    revisions = new LinkedHashMap<>(from.revisions);
    deliveries = new LinkedHashMap<>(from.deliveries);
    replays = new LinkedHashMap<>(from.replays);
    tokens = new LinkedHashMap<>(from.tokens);
    tokenIdsByHash = new LinkedHashMap<>(from.tokenIdsByHash);
    sessions = new LinkedHashMap<>(from.sessions);
    idempotencyKeys = new LinkedHashMap<>(from.idempotencyKeys);
    auditEvents = new ArrayList<>(from.auditEvents);
  }

  InMemoryDatabase copy() {
    return new InMemoryDatabase(this);
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

  /// Returns the revisions of the webhook that the attempts used.
  List<Webhook.Revision> revisionsOf(WebhookId webhook, List<Attempt> attempts) {
    return attempts.stream()
        .flatMap(attempt -> attempt.request().stream())
        .map(snapshot -> new RevisionKey(webhook, snapshot.revision()))
        .distinct()
        .flatMap(key -> Stream.ofNullable(revisions.get(key)))
        .toList();
  }

  record IdempotencyKeyRow(
      IdempotencyKeys.StoredKey stored, Instant startedAt, Instant lockedUntil) {}

  record DeletedWebhook(Webhook webhook, Instant deletedAt) {}

  record RevisionKey(WebhookId webhook, int number) {}

  /// Identifies the last version of a run that was sent to a webhook.
  record RunWebhookKey(RunId run, WebhookId webhook) {
    /// Returns the key of a new delivery; empty for pings and redeliveries.
    static Optional<RunWebhookKey> of(NewDelivery added) {
      return added
          .content()
          .transition()
          .filter(ignored -> added.content().redeliveryOf().isEmpty())
          .map(transitionRef ->
              new RunWebhookKey(
                  new RunId(added.webhook().stack(), transitionRef.run()), added.webhook().id()));
    }
  }
}
