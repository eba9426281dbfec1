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
import dev.runhook.domain.webhook.RoutingDecision.Deliver;
import dev.runhook.domain.webhook.RoutingDecision.Reason;
import dev.runhook.domain.webhook.RoutingDecision.Skip;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingTest {
  private static final EventId EVENT = new EventId(new UUID(2, 2));
  private static final PausePolicy AFTER_1 = new PausePolicy(1, List.of(Duration.ofSeconds(5)));

  @ParameterizedTest
  @EnumSource
  void a_webhook_that_chose_nothing_hears_of_every_state(RunState state) {
    assertThat(Routing.decide(moved(RunType.TRACKED, state), webhook())).isEqualTo(new Deliver());
  }

  @Test
  void a_webhook_hears_of_the_states_it_chose() {
    Webhook webhook =
        webhook(new Subscription(Set.of(RunState.FINISHED, RunState.FAILED), Set.of()));

    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.FAILED), webhook))
        .isEqualTo(new Deliver());
    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.PLANNING), webhook))
        .isEqualTo(
            new Skip(
                Reason.STATE_NOT_WANTED,
                "wants only the states FAILED, FINISHED, and this was PLANNING"));
  }

  @Test
  void a_webhook_hears_of_the_types_it_chose() {
    Webhook webhook = webhook(new Subscription(Set.of(), Set.of(RunType.TASK)));

    assertThat(Routing.decide(moved(RunType.TASK, RunState.PLANNING), webhook))
        .isEqualTo(new Deliver());
    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.PLANNING), webhook))
        .isEqualTo(
            new Skip(
                Reason.TYPE_NOT_WANTED, "wants only runs of the types TASK, and this is TRACKED"));
  }

  @Test
  void a_webhook_hears_of_runs_that_detect_drift_or_of_the_others_or_of_both() {
    Webhook both = webhook(drift(Optional.empty()));
    Webhook drift = webhook(drift(Optional.of(true)));
    Webhook others = webhook(drift(Optional.of(false)));
    Event detects = moved(RunType.PROPOSED, RunState.PLANNING, Optional.of(true));
    Event doesNot = moved(RunType.PROPOSED, RunState.PLANNING, Optional.of(false));
    Event saysNothing = moved(RunType.PROPOSED, RunState.PLANNING, Optional.empty());

    for (Event event : List.of(detects, doesNot, saysNothing)) {
      assertThat(Routing.decide(event, both)).isEqualTo(new Deliver());
    }
    assertThat(Routing.decide(detects, drift)).isEqualTo(new Deliver());
    assertThat(Routing.decide(doesNot, others)).isEqualTo(new Deliver());
    assertThat(Routing.decide(saysNothing, others)).isEqualTo(new Deliver());
    assertThat(Routing.decide(saysNothing, drift))
        .isEqualTo(
            new Skip(
                Reason.DRIFT_DETECTION_NOT_WANTED,
                "wants only runs that detect drift, and this one does not"));
    assertThat(Routing.decide(detects, others))
        .isEqualTo(
            new Skip(
                Reason.DRIFT_DETECTION_NOT_WANTED,
                "wants no runs that detect drift, and this one does"));
  }

  private static Subscription drift(Optional<Boolean> wanted) {
    return new Subscription(Set.of(), Set.of(), wanted);
  }

  @Test
  void a_disabled_webhook_hears_nothing_whatever_it_chose() {
    Webhook webhook =
        webhook(new Subscription(Set.of(RunState.FAILED), Set.of())).disabled(NOON, "a");

    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.FAILED), webhook))
        .isEqualTo(new Skip(Reason.DISABLED, "was disabled since " + NOON + ": a"));
    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.QUEUED), webhook))
        .isEqualTo(new Skip(Reason.DISABLED, "was disabled since " + NOON + ": a"));
  }

  @Test
  void a_paused_webhook_goes_on_hearing() {
    Webhook paused = webhook().failed(NOON, "a timeout", AFTER_1);

    assertThat(Routing.decide(moved(RunType.TRACKED, RunState.QUEUED), paused))
        .isEqualTo(new Deliver());
  }

  @Test
  void a_ping_is_delivered_whatever_the_webhook_chose() {
    Ping ping =
        new Ping(
            EVENT,
            Stack.named(STACK, "Demo"),
            NOON,
            new PingTarget("w", "https://hooks.example.com/"));
    Webhook choosy = webhook(new Subscription(Set.of(RunState.FAILED), Set.of(RunType.TASK)));

    assertThat(Routing.decide(ping, choosy)).isEqualTo(new Deliver());
    assertThat(Routing.decide(ping, choosy.disabled(NOON, "a"))).isEqualTo(new Deliver());
    assertThat(ping.kind().wireName()).isEqualTo("ping");
  }

  private static Event moved(RunType type, RunState state) {
    return moved(type, state, Optional.empty());
  }

  private static Event moved(RunType type, RunState state, Optional<Boolean> driftDetection) {
    RunId run = new RunId(STACK, "run-1");
    RunDetails subject =
        new RunDetails(
            type,
            "main",
            Commit.of("abc"),
            Optional.empty(),
            Optional.empty(),
            driftDetection,
            Optional.empty());
    NewRun newRun = NewRun.of(subject, TransitionReport.of(run, state));
    Transition transition = newRun.firstTransition(NOON);
    return new RunStateChanged(
        EVENT, Stack.named(STACK, "Demo"), newRun.toRun(transition, NOON), transition);
  }
}
