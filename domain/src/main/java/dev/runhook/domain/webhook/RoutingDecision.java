package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.OperationalEvent;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether a webhook is notified of an event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// The webhook is not notified.
  record Skip(Explanation explanation) implements RoutingDecision {}

  static RoutingDecision of(Event event, Webhook webhook) {
    Subscription subscription = webhook.settings().subscription();
    Optional<Explanation> skip =
        switch (event) {
          case Ping ignored -> Optional.empty();
          case TestEvent ignored -> Optional.empty();
          case OperationalEvent ignored ->
              explainSkip(event.kind(), webhook)
                  .or(() -> explainSkip(subscription.stackLabels(), event.stack()));
          case RunStateChanged change ->
              explainSkip(event.kind(), webhook).or(() -> explainSkip(change, webhook.settings()));
        };
    return skip.<RoutingDecision>map(Skip::new).orElseGet(Deliver::new);
  }

  private static Optional<Explanation> explainSkip(Event.Kind kind, Webhook webhook) {
    if (!webhook.isSelected()) {
      return Optional.of(Code.SKIPPED_SELECTOR.with());
    }
    if (webhook.health() instanceof Health.Disabled(Instant since, Optional<String> by)) {
      return Optional.of(
          by.map(name -> Code.SKIPPED_DISABLED.with(since, name))
              .orElseGet(() -> Code.SKIPPED_DISABLED_BY_RECEIVER.with(since)));
    }
    Set<Event.Kind> wanted = webhook.settings().subscription().events();
    if (wanted.contains(kind)) {
      Format format = webhook.settings().delivery().format();
      return format.sends(kind)
          ? Optional.empty()
          : Optional.of(Code.SKIPPED_FORMAT.with(format.wireName(), kind.wireName()));
    }
    String names =
        wanted.stream().map(Event.Kind::wireName).sorted().collect(Collectors.joining(", "));
    return Optional.of(Code.SKIPPED_EVENT.with(names, kind.wireName()));
  }

  private static Optional<Explanation> explainSkip(
      RunStateChanged change, WebhookSettings settings) {
    Subscription subscription = settings.subscription();
    RunState state = change.transition().state();
    if (!subscription.wants(state)) {
      return Optional.of(Code.SKIPPED_STATE.with(listed(subscription.states()), state));
    }
    Format format = settings.delivery().format();
    if (!format.sends(state)) {
      return Optional.of(Code.SKIPPED_FORMAT.with(format.wireName(), state));
    }
    RunType type = change.run().details().type();
    if (!subscription.wants(type)) {
      return Optional.of(Code.SKIPPED_TYPE.with(listed(subscription.types()), type));
    }
    if (!subscription.wantsDriftDetection(change.run().details().driftDetection())) {
      boolean wanted = subscription.driftDetection().orElse(false);
      return Optional.of(
          (wanted ? Code.SKIPPED_NO_DRIFT_DETECTION : Code.SKIPPED_DRIFT_DETECTION).with());
    }
    Set<RunState> previous = subscription.previousStates();
    if (!previous.isEmpty() && change.previousState().filter(previous::contains).isEmpty()) {
      return Optional.of(
          change
              .previousState()
              .map(was -> Code.SKIPPED_PREVIOUS_STATE.with(listed(previous), was))
              .orElseGet(() -> Code.SKIPPED_FIRST_STATE.with(listed(previous))));
    }
    return subscription
        .branches()
        .explainSkip(change.run().details().branch())
        .or(() -> explainSkip(subscription.delta(), change.run().delta()))
        .or(() -> explainSkip(subscription.stackLabels(), change.stack()));
  }

  private static Optional<Explanation> explainSkip(
      Optional<Boolean> wanted, Optional<Delta> reported) {
    if (wanted.isEmpty() || wanted.equals(reported.map(Delta::changesResources))) {
      return Optional.empty();
    }
    if (reported.isEmpty()) {
      return Optional.of(Code.SKIPPED_DELTA_UNKNOWN.with(wanted.get()));
    }
    Delta delta = reported.get();
    return Optional.of(
        wanted.get()
            ? Code.SKIPPED_NO_CHANGES.with()
            : Code.SKIPPED_CHANGES.with(delta.added(), delta.changed(), delta.deleted()));
  }

  private static Optional<Explanation> explainSkip(Set<String> requiredLabels, Stack stack) {
    if (stack.labels().containsAll(requiredLabels)) {
      return Optional.empty();
    }
    Set<String> missing = new TreeSet<>(requiredLabels);
    stack.labels().forEach(missing::remove);
    return Optional.of(Code.SKIPPED_STACK_LABELS.with(String.join(", ", missing)));
  }

  private static String listed(Set<? extends Enum<?>> names) {
    return names.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }
}
