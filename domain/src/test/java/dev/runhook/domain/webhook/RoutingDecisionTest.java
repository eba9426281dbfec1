package dev.runhook.domain.webhook;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.STACK;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.RoutingDecision.Deliver;
import dev.runhook.domain.webhook.RoutingDecision.Skip;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingDecisionTest {
  private static final EventId EVENT = new EventId(new UUID(2, 2));
  private static final PausePolicy AFTER_1 = new PausePolicy(1, List.of(Duration.ofSeconds(5)));

  @ParameterizedTest
  @EnumSource
  void without_a_filter_a_webhook_is_notified_of_every_state(RunState state) {
    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, state), webhook()))
        .isEqualTo(new Deliver());
  }

  @Test
  void a_webhook_is_notified_of_the_states_in_its_filter() {
    Webhook webhook =
        webhook(new Subscription(Set.of(RunState.FINISHED, RunState.FAILED), Set.of()));

    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.FAILED), webhook))
        .isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.PLANNING), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_STATE.with("FAILED, FINISHED", "PLANNING")));
  }

  @Test
  void a_webhook_is_notified_of_the_run_types_in_its_filter() {
    Webhook webhook = webhook(new Subscription(Set.of(), Set.of(RunType.TASK)));

    assertThat(RoutingDecision.of(stateChanged(RunType.TASK, RunState.PLANNING), webhook))
        .isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.PLANNING), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_TYPE.with("TASK", "TRACKED")));
  }

  @Test
  void the_drift_filter_selects_runs_with_or_without_drift_detection_or_both() {
    Webhook both = webhook(drift(Optional.empty()));
    Webhook drift = webhook(drift(Optional.of(true)));
    Webhook withoutDriftOnly = webhook(drift(Optional.of(false)));
    Event withDrift = stateChanged(RunType.PROPOSED, RunState.PLANNING, Optional.of(true));
    Event withoutDrift = stateChanged(RunType.PROPOSED, RunState.PLANNING, Optional.of(false));
    Event withoutFlag = stateChanged(RunType.PROPOSED, RunState.PLANNING, Optional.empty());

    for (Event event : List.of(withDrift, withoutDrift, withoutFlag)) {
      assertThat(RoutingDecision.of(event, both)).isEqualTo(new Deliver());
    }
    assertThat(RoutingDecision.of(withDrift, drift)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(withoutDrift, withoutDriftOnly)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(withoutFlag, withoutDriftOnly)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(withoutFlag, drift))
        .isEqualTo(new Skip(Code.SKIPPED_NO_DRIFT_DETECTION.with()));
    assertThat(RoutingDecision.of(withDrift, withoutDriftOnly))
        .isEqualTo(new Skip(Code.SKIPPED_DRIFT_DETECTION.with()));
  }

  private static Subscription drift(Optional<Boolean> wanted) {
    return new Subscription(Set.of(), Set.of(), wanted);
  }

  @Test
  void a_disabled_webhook_is_not_notified_regardless_of_its_filter() {
    Webhook webhook =
        webhook(new Subscription(Set.of(RunState.FAILED), Set.of())).disabled(NOON, "a");

    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.FAILED), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_DISABLED.with(NOON, "a")));
    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.QUEUED), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_DISABLED.with(NOON, "a")));
  }

  @Test
  void a_paused_webhook_is_still_notified() {
    Webhook paused = webhook().failed(NOON, "a timeout", AFTER_1);

    assertThat(RoutingDecision.of(stateChanged(RunType.TRACKED, RunState.QUEUED), paused))
        .isEqualTo(new Deliver());
  }

  @Test
  void a_ping_is_delivered_regardless_of_the_filter() {
    Ping ping =
        new Ping(
            EVENT,
            Stack.named(STACK, "Demo"),
            NOON,
            new PingTarget("w", "https://hooks.example.com/"));
    Webhook filtered = webhook(new Subscription(Set.of(RunState.FAILED), Set.of(RunType.TASK)));

    assertThat(RoutingDecision.of(ping, filtered)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(ping, filtered.disabled(NOON, "a"))).isEqualTo(new Deliver());
    assertThat(ping.kind().wireName()).isEqualTo("ping");
  }

  private static Event stateChanged(RunType type, RunState state) {
    return stateChanged(type, state, Optional.empty());
  }

  private static Event stateChanged(
      RunType type, RunState state, Optional<Boolean> driftDetection) {
    RunId run = new RunId(STACK, "run-1");
    RunDetails details =
        new RunDetails(
            type,
            "main",
            Commit.of("abc"),
            Optional.empty(),
            Optional.empty(),
            driftDetection,
            Optional.empty());
    NewRun newRun = NewRun.of(details, TransitionReport.of(run, state));
    Transition transition = newRun.firstTransition(NOON);
    return new RunStateChanged(
        EVENT,
        Stack.named(STACK, "Demo"),
        newRun.toRun(transition, NOON),
        transition,
        Optional.empty());
  }
}
