package dev.runhook.testkit;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Sample values for tests in which the value does not matter.
public final class Samples {
  public static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");
  public static final AccountId ACME = new AccountId("acme");
  public static final StackId DEMO = new StackId(ACME, "demo");

  private Samples() {}

  public static Stack stack() {
    return Stack.named(DEMO, "Demo");
  }

  /// Returns a stack with all optional fields set.
  public static Stack fullStack(StackId id) {
    return new Stack(
        id,
        "Netz Süd 🌍",
        "Zeile eins\nline two, ligne trois",
        List.of("prod", "eu-central", "prod", "équipe"),
        Optional.of("https://ci.example.com/stacks/7"),
        Optional.of("git@example.com:acme/net.git"));
  }

  public static Commit commit() {
    return new Commit(
        "0ee3bbcd3cf2a1a4c7d1a3a2fcd32f8ac9b9ac9e",
        "Update main.tf",
        "Octo Cat",
        Optional.of("octocat"),
        Optional.of(Instant.parse("2026-03-14T11:30:00Z")),
        Optional.of("https://git.example.com/acme/net/commit/0ee3bbc"));
  }

  public static RunDetails runDetails() {
    return RunDetails.tracked("main", commit());
  }

  public static RunDetails runDetails(RunType type) {
    return new RunDetails(
        type,
        "main",
        commit(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Returns run details with all optional fields set.
  public static RunDetails fullRunDetails() {
    return new RunDetails(
        RunType.TASK,
        "feature/схема",
        commit(),
        Optional.of("octocat@example.com"),
        Optional.of("https://ci.example.com/runs/7"),
        Optional.of(true),
        Optional.of("tofu state list"));
  }

  public static Delta delta() {
    return new Delta(3, 1, 0, 12);
  }

  /// Returns a deleted and a created resource.
  public static ResourceChanges changes() {
    return new ResourceChanges(
        List.of(
            new ResourceChange("aws_db_instance.main[\"é\"]", "aws_db_instance", Action.DELETE),
            new ResourceChange("module.net.aws_subnet.a[0]", "aws_subnet", Action.CREATE)),
        true);
  }

  public static NewRun newRun(RunId run) {
    return NewRun.of(runDetails(), TransitionReport.of(run, RunState.QUEUED));
  }

  public static Run run(RunId id, Instant createdAt) {
    return new Run(
        id, runDetails(), createdAt, new RunProgress(RunState.QUEUED, 1), Optional.empty());
  }

  public static Transition transition(RunId run, RunState state, long version) {
    return new Transition(run, state, version, NOON, true, Optional.empty(), Optional.empty());
  }

  /// Returns the event of a run that enters the state with its next version.
  public static RunStateChanged runStateChanged(
      EventId id, Stack stack, Run before, RunState state, Instant at) {
    Transition transition =
        new Transition(
            before.id(),
            state,
            before.progress().version() + 1,
            at,
            true,
            Optional.empty(),
            Optional.empty());
    return new RunStateChanged(
        id,
        stack,
        before.withTransition(transition),
        transition,
        Optional.of(before.progress().state()),
        Optional.empty());
  }

  /// Returns a different endpoint for each number.
  public static Endpoint endpoint(int number) {
    return Endpoint.ofStored("https://hooks.example.com/receivers/" + number);
  }

  public static SigningSecret secret() {
    return SigningSecret.parse("It's a Secret to Everybody");
  }

  public static Webhook webhook() {
    return webhook(new WebhookId(new UUID(0x7000, 1L << 63)), DEMO, endpoint(1), NOON);
  }

  /// Returns an enabled webhook that is subscribed to everything.
  public static Webhook webhook(WebhookId id, StackId stack, Endpoint endpoint, Instant createdAt) {
    return new Webhook(
        id,
        stack,
        WebhookSettings.of(endpoint),
        1,
        SigningKeys.of(secret()),
        Health.healthy(),
        createdAt,
        createdAt);
  }

  /// Returns the health of a webhook whose last attempts failed.
  public static Health failing(int failures) {
    return new Health.Active(
        new Failures(failures, Instant.parse("2026-03-14T12:00:00Z"), "a timeout"));
  }

  /// Returns the webhook with a different health.
  public static Webhook withHealth(Webhook webhook, Health health) {
    return webhook.withHealth(health);
  }
}
