package dev.runhook.domain.webhook;

import static dev.runhook.domain.webhook.WebhookSamples.NOON;
import static dev.runhook.domain.webhook.WebhookSamples.STACK;
import static dev.runhook.domain.webhook.WebhookSamples.failure;
import static dev.runhook.domain.webhook.WebhookSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.ChangeFilter;
import dev.runhook.domain.filter.ResourceFilter;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingDecisionTest {
  private static final RunId RUN = new RunId(STACK, "run-1");
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
  void a_webhook_that_wants_only_operational_events_gets_no_state_changes() {
    Set<Kind> wanted = Set.of(Kind.WEBHOOK_PAUSED, Kind.DELIVERY_FAILED);
    Webhook webhook = webhook(Subscription.all().withEvents(wanted));

    assertThat(RoutingDecision.of(stateChanged(RunType.TASK, RunState.PLANNING), webhook))
        .isEqualTo(
            new Skip(
                Code.SKIPPED_EVENT.with("delivery_failed, webhook_paused", "run_state_changed")));
    assertThat(webhook.settings().subscription().wantsOperationalEvents()).isTrue();
    assertThat(Subscription.all().wantsOperationalEvents()).isFalse();
  }

  @Test
  void a_webhook_has_at_least_one_event_that_it_can_choose() {
    assertThatThrownBy(() -> Subscription.all().withEvents(Set.of()))
        .hasMessageContaining("at least one event");
    assertThatThrownBy(() -> Subscription.all().withEvents(Set.of(Kind.PING)))
        .hasMessageContaining("neither ping nor test");
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
  void a_webhook_is_notified_of_runs_that_come_from_the_states_in_its_filter() {
    Webhook webhook =
        webhook(
            Subscription.all()
                .withPreviousStates(Set.of(RunState.UNCONFIRMED, RunState.PENDING_REVIEW)));

    assertThat(RoutingDecision.of(change("main", Optional.of(RunState.UNCONFIRMED)), webhook))
        .isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(change("main", Optional.of(RunState.PLANNING)), webhook))
        .isEqualTo(
            new Skip(Code.SKIPPED_PREVIOUS_STATE.with("PENDING_REVIEW, UNCONFIRMED", "PLANNING")));
    assertThat(RoutingDecision.of(change("main", Optional.empty()), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_FIRST_STATE.with("PENDING_REVIEW, UNCONFIRMED")));
  }

  @Test
  void a_webhook_is_notified_of_the_branches_in_its_filter() {
    Webhook webhook =
        webhook(Subscription.all().withBranches(BranchFilter.of(List.of("main", "release/*"))));

    assertThat(RoutingDecision.of(change("release/2", Optional.empty()), webhook))
        .isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(change("feature/x", Optional.empty()), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_BRANCH.with("main, release/*", "feature/x")));
  }

  @Test
  void the_delta_filter_selects_runs_that_change_resources_or_do_not() {
    Webhook changing = webhook(Subscription.all().withDelta(Optional.of(true)));
    Webhook unchanging = webhook(Subscription.all().withDelta(Optional.of(false)));
    Event nothing = withDelta(Optional.of(new Delta(0, 0, 0, 9)));
    Event deletion = withDelta(Optional.of(new Delta(0, 0, 2, 9)));
    Event unknown = withDelta(Optional.empty());

    assertThat(RoutingDecision.of(deletion, changing)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(nothing, unchanging)).isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(nothing, changing))
        .isEqualTo(new Skip(Code.SKIPPED_NO_CHANGES.with()));
    assertThat(RoutingDecision.of(deletion, unchanging))
        .isEqualTo(new Skip(Code.SKIPPED_CHANGES.with(0, 0, 2)));
    assertThat(RoutingDecision.of(unknown, changing))
        .isEqualTo(new Skip(Code.SKIPPED_DELTA_UNKNOWN.with(true)));
    assertThat(RoutingDecision.of(unknown, unchanging))
        .isEqualTo(new Skip(Code.SKIPPED_DELTA_UNKNOWN.with(false)));
  }

  @Test
  void the_numbers_of_changes_are_those_of_a_complete_list_and_otherwise_of_the_delta() {
    Webhook deleting = webhook(counts(ChangeFilter.all().withDeletedAtLeast(Optional.of(2))));
    Webhook updating = webhook(counts(ChangeFilter.all().withChangedAtLeast(Optional.of(1))));
    Delta three = new Delta(0, 3, 3, 9);
    ResourceChanges one = new ResourceChanges(List.of(DELETED), false);
    ResourceChanges two = new ResourceChanges(List.of(DELETED, REPLACED), false);

    assertThat(decide(Optional.empty(), Optional.of(two), deleting)).isEqualTo(new Deliver());
    assertThat(decide(Optional.of(three), Optional.of(one), deleting))
        .isEqualTo(new Skip(Code.SKIPPED_DELETED_COUNT.with(1, 2)));
    assertThat(decide(Optional.of(three), Optional.of(truncated(one)), deleting))
        .isEqualTo(new Deliver());
    assertThat(decide(Optional.empty(), Optional.of(truncated(two)), deleting))
        .isEqualTo(new Deliver());
    assertThat(decide(Optional.of(three), Optional.empty(), updating)).isEqualTo(new Deliver());
    assertThat(decide(Optional.empty(), Optional.of(two), updating))
        .isEqualTo(new Skip(Code.SKIPPED_CHANGED_COUNT.with(0, 1)));
    assertThat(decide(Optional.empty(), Optional.empty(), deleting))
        .isEqualTo(new Skip(Code.SKIPPED_COUNTS_UNKNOWN.with(2)));
    assertThat(Code.SKIPPED_DELETED_COUNT.with(0, 1).text())
        .isEqualTo("not sent: the run deletes 0 resources; the webhook wants at least 1");
  }

  @Test
  void a_webhook_is_notified_of_changes_of_the_resources_in_its_filter() {
    ChangeFilter filter =
        ChangeFilter.all().withResources(ResourceFilter.of(List.of("destroy:aws_db_*", "vpc")));
    Webhook webhook = webhook(counts(filter));
    ResourceChange updated = new ResourceChange("aws_db_x.a", "aws_db_x", Action.UPDATE);

    assertThat(
            decide(
                Optional.empty(),
                Optional.of(new ResourceChanges(List.of(updated, REPLACED), true)),
                webhook))
        .isEqualTo(new Deliver());
    assertThat(
            decide(
                Optional.empty(),
                Optional.of(new ResourceChanges(List.of(updated), false)),
                webhook))
        .isEqualTo(new Skip(Code.SKIPPED_RESOURCES.with("destroy:aws_db_*, vpc", 1)));
    assertThat(decide(Optional.of(new Delta(1, 1, 1, 1)), Optional.empty(), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_RESOURCES_UNKNOWN.with("destroy:aws_db_*, vpc")));
  }

  private static final ResourceChange DELETED =
      new ResourceChange("aws_instance.a", "aws_instance", Action.DELETE);
  private static final ResourceChange REPLACED =
      new ResourceChange("module.m.aws_db_instance.a", "aws_db_instance", Action.REPLACE);

  private static Subscription counts(ChangeFilter filter) {
    return Subscription.all().withChanges(filter);
  }

  private static ResourceChanges truncated(ResourceChanges list) {
    return new ResourceChanges(list.items(), true);
  }

  private static RoutingDecision decide(
      Optional<Delta> delta, Optional<ResourceChanges> changes, Webhook webhook) {
    TransitionReport report = TransitionReport.of(RUN, RunState.FINISHED);
    TransitionReport counted = delta.map(report::withDelta).orElse(report);
    Event event =
        change(
            RunDetails.tracked("main", Commit.of("abc")),
            changes.map(counted::withChanges).orElse(counted),
            Optional.empty(),
            List.of());
    return RoutingDecision.of(event, webhook);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0, true", "0, 1, 0, true", "0, 0, 1, true", "0, 0, 0, false"})
  void a_delta_changes_resources_unless_only_their_total_is_positive(
      long added, long changed, long deleted, boolean expected) {
    assertThat(new Delta(added, changed, deleted, 9).changesResources()).isEqualTo(expected);
  }

  @Test
  void a_webhook_is_notified_of_stacks_with_all_labels_in_its_filter() {
    Webhook webhook = webhook(Subscription.all().withStackLabels(Set.of("prod", "eu", "team:net")));

    assertThat(RoutingDecision.of(withLabels("x", "team:net", "eu", "prod"), webhook))
        .isEqualTo(new Deliver());
    assertThat(RoutingDecision.of(withLabels("prod"), webhook))
        .isEqualTo(new Skip(Code.SKIPPED_STACK_LABELS.with("eu, team:net")));
  }

  @Test
  void the_number_and_the_length_of_required_labels_are_limited() {
    Set<String> tooMany =
        IntStream.range(0, 11).mapToObj(Integer::toString).collect(Collectors.toSet());

    assertThatThrownBy(() -> Subscription.all().withStackLabels(tooMany))
        .hasMessage("a webhook requires at most 10 stack labels, not 11");
    assertThatThrownBy(() -> Subscription.all().withStackLabels(Set.of(" ")))
        .hasMessage("a stack label is blank");
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
    Webhook paused = webhook().failed(failure(NOON, "a timeout"), AFTER_1);

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
    RunDetails details =
        new RunDetails(
            type,
            "main",
            Commit.of("abc"),
            Optional.empty(),
            Optional.empty(),
            driftDetection,
            Optional.empty());
    return change(details, TransitionReport.of(RUN, state), Optional.empty(), List.of());
  }

  private static Event change(String branch, Optional<RunState> previousState) {
    RunDetails details = RunDetails.tracked(branch, Commit.of("abc"));
    return change(details, TransitionReport.of(RUN, RunState.CONFIRMED), previousState, List.of());
  }

  private static Event withDelta(Optional<Delta> delta) {
    TransitionReport report = TransitionReport.of(RUN, RunState.FINISHED);
    return change(
        RunDetails.tracked("main", Commit.of("abc")),
        delta.map(report::withDelta).orElse(report),
        Optional.empty(),
        List.of());
  }

  private static Event withLabels(String... labels) {
    return change(
        RunDetails.tracked("main", Commit.of("abc")),
        TransitionReport.of(RUN, RunState.FINISHED),
        Optional.empty(),
        List.of(labels));
  }

  private static Event change(
      RunDetails details,
      TransitionReport report,
      Optional<RunState> previousState,
      List<String> labels) {
    NewRun newRun = NewRun.of(details, report);
    Transition transition = newRun.firstTransition(NOON);
    return new RunStateChanged(
        EVENT,
        new Stack(STACK, "Demo", "", labels, Optional.empty(), Optional.empty()),
        newRun.toRun(transition, NOON),
        transition,
        previousState,
        Optional.empty());
  }
}
