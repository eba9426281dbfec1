package dev.runhook.testkit;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.Requests;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the store holds. Rows are immutable, so a copy of the maps is a copy of everything.
/// Rows stay in the order they came in.
final class Tables {
  final Map<StackId, Stack> stacks;
  final Map<RunId, Run> runs;
  final Map<TransitionKey, Transition> transitions;
  final Map<TransitionKey, Instant> recorded;
  final Map<ToldKey, Long> told;
  final Map<EventId, RenderedEvent> events;
  final Map<EventId, String> erased;
  final List<SkippedDelivery> skips;
  final Map<WebhookId, Webhook> webhooks;
  final Map<RevisionKey, Revision> revisions;
  final Map<DeliveryId, DeliveryRow> deliveries;
  final Map<TokenId, Token> tokens;
  final Map<TokenHash, TokenId> tokenIds;
  final Map<SessionId, PageSession> sessions;
  final Map<Fingerprint, RequestRow> requests;
  final List<AuditEntry> audit;

  Tables() {
    stacks = new LinkedHashMap<>();
    runs = new LinkedHashMap<>();
    transitions = new LinkedHashMap<>();
    recorded = new LinkedHashMap<>();
    told = new LinkedHashMap<>();
    events = new LinkedHashMap<>();
    erased = new LinkedHashMap<>();
    skips = new ArrayList<>();
    webhooks = new LinkedHashMap<>();
    revisions = new LinkedHashMap<>();
    deliveries = new LinkedHashMap<>();
    tokens = new LinkedHashMap<>();
    tokenIds = new LinkedHashMap<>();
    sessions = new LinkedHashMap<>();
    requests = new LinkedHashMap<>();
    audit = new ArrayList<>();
  }

  private Tables(Tables from) {
    stacks = new LinkedHashMap<>(from.stacks);
    runs = new LinkedHashMap<>(from.runs);
    transitions = new LinkedHashMap<>(from.transitions);
    recorded = new LinkedHashMap<>(from.recorded);
    told = new LinkedHashMap<>(from.told);
    events = new LinkedHashMap<>(from.events);
    erased = new LinkedHashMap<>(from.erased);
    skips = new ArrayList<>(from.skips);
    webhooks = new LinkedHashMap<>(from.webhooks);
    revisions = new LinkedHashMap<>(from.revisions);
    deliveries = new LinkedHashMap<>(from.deliveries);
    tokens = new LinkedHashMap<>(from.tokens);
    tokenIds = new LinkedHashMap<>(from.tokenIds);
    sessions = new LinkedHashMap<>(from.sessions);
    requests = new LinkedHashMap<>(from.requests);
    audit = new ArrayList<>(from.audit);
  }

  Tables copy() {
    return new Tables(this);
  }

  void checkStack(StackId stack) {
    if (!stacks.containsKey(stack)) {
      throw new IllegalStateException("there is no stack " + stack);
    }
  }

  /// A request with a key, as it stands.
  record RequestRow(Requests.Known known, Instant begunAt, Instant heldUntil) {}

  /// A revision's place among those of all webhooks.
  record RevisionKey(WebhookId webhook, int number) {}

  /// What a webhook is told of a run.
  record ToldKey(RunId run, WebhookId webhook) {
    /// That of a new delivery; absent where it tells of no run, or repeats another by hand.
    static Optional<ToldKey> of(NewDelivery added) {
      return added
          .letter()
          .move()
          .filter(_ -> added.letter().redeliveryOf().isEmpty())
          .map(move ->
              new ToldKey(new RunId(added.webhook().stack(), move.run()), added.webhook().id()));
    }
  }

  /// A transition's place: its version is unique in its run.
  record TransitionKey(RunId run, long version) {}
}
