package dev.runhook.application.outbox;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes operational events and their deliveries in the unit of work that changes what they
/// report. There are none about webhooks that get operational events themselves, so that they
/// cannot cause each other. The dispatcher claims the deliveries after the commit. Thread-safe.
public final class OperationalEvents {
  /// Limits how long a transaction that accounts share works for one of them.
  public static final int MAX_SHARED_DELIVERIES = 500;

  private final PayloadRenderer renderer;
  private final IdGenerator ids;

  public OperationalEvents(PayloadRenderer renderer, IdGenerator ids) {
    this.renderer = renderer;
    this.ids = ids;
  }

  /// What happened to a webhook.
  public record Occurrence(Webhook webhook, Details details) {}

  /// Returns what a change to a webhook is reported as.
  ///
  /// @param by the user's name, if the cause is a user whose name is known
  public static List<Occurrence> of(WebhookChange change, Cause cause, Optional<String> by) {
    Webhook before = change.before();
    Webhook after = change.after();
    List<Occurrence> occurrences = new ArrayList<>();
    HealthChange.between(before.health(), after.health())
        .map(ignored -> details(after.health(), cause, by))
        .ifPresent(details -> occurrences.add(new Occurrence(after, details)));
    if (!before.keys().current().equals(after.keys().current())) {
      Optional<Instant> expiry = after.keys().previous().map(PreviousSecret::expiresAt);
      occurrences.add(new Occurrence(after, new Details.SecretRotated(by, expiry)));
    }
    return occurrences;
  }

  private static Details details(Health health, Cause cause, Optional<String> by) {
    return switch (health) {
      case Health.Active ignored -> new Details.Resumed(cause, by);
      case Health.Paused(var ignored, int failures, Instant probe, String error) ->
          new Details.Paused(failures, error, probe);
      case Health.Disabled(var ignored, Optional<String> user) ->
          new Details.Disabled(user.isPresent() ? Cause.USER : Cause.RECEIVER, user);
    };
  }

  /// What was written.
  ///
  /// @param deliveries how many deliveries the events have
  /// @param omitted how many occurrences were not reported, because of the limit
  public record Written(int deliveries, int omitted) {
    static final Written NOTHING = new Written(0, 0);
  }

  /// Writes an event about each occurrence for the webhooks of the stack that want it.
  public void write(UnitOfWork unit, List<Occurrence> occurrences) {
    write(unit, occurrences, Integer.MAX_VALUE);
  }

  /// Writes events, and omits the later occurrences of an account whose events have this many
  /// deliveries.
  public Written write(UnitOfWork unit, List<Occurrence> occurrences, int maxOfAccount) {
    List<Occurrence> reported =
        occurrences.stream()
            .filter(each -> !each.webhook().settings().subscription().wantsOperationalEvents())
            .toList();
    if (reported.isEmpty()) {
      return Written.NOTHING; // the usual case; it needs no query
    }
    Set<StackId> ids =
        reported.stream().map(each -> each.webhook().stack()).collect(Collectors.toSet());
    Map<StackId, List<Webhook>> subscribers = unit.webhooks().findSubscribers(ids);
    if (subscribers.isEmpty()) {
      return Written.NOTHING;
    }
    Map<StackId, Stack> stacks = unit.stacks().findAll(subscribers.keySet());
    Instant now = unit.now().truncatedTo(MILLIS);
    DeliveryWriter writer = new DeliveryWriter(unit, DispatchHandoff.none(), renderer, this.ids);
    Map<AccountId, Integer> deliveries = new HashMap<>();
    int omitted = 0;
    for (Occurrence occurrence : reported) {
      StackId id = occurrence.webhook().stack();
      Optional<Stack> stack = Optional.ofNullable(stacks.get(id));
      if (stack.isPresent() && deliveries.getOrDefault(id.account(), 0) >= maxOfAccount) {
        omitted++;
      } else if (stack.isPresent()) {
        deliveries.merge(
            id.account(),
            add(
                writer,
                event(stack.get(), now, occurrence),
                subscribers.getOrDefault(id, List.of())),
            Integer::sum);
      }
    }
    int total = deliveries.values().stream().mapToInt(count -> count).sum();
    if (total > 0) {
      writer.save();
    }
    return new Written(total, omitted);
  }

  /// Skip reasons are not stored: only lists of runs show them.
  private static int add(DeliveryWriter writer, OperationalEvent event, List<Webhook> webhooks) {
    List<Webhook> wanting =
        webhooks.stream()
            .filter(
                webhook -> RoutingDecision.of(event, webhook) instanceof RoutingDecision.Deliver)
            .toList();
    return wanting.isEmpty() ? 0 : writer.add(event, wanting);
  }

  private OperationalEvent event(Stack stack, Instant now, Occurrence occurrence) {
    Webhook webhook = occurrence.webhook();
    return new OperationalEvent(
        new EventId(ids.next(stack.id())),
        stack,
        now,
        new AffectedWebhook(
            webhook.id().toString(),
            webhook.settings().name(),
            webhook.settings().endpoint().origin()),
        occurrence.details());
  }
}
