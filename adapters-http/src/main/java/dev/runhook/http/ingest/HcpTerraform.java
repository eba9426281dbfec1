package dev.runhook.http.ingest;

import static java.util.Map.entry;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Notifications of HCP Terraform and Terraform Enterprise.
///
/// @see <a
///   href="https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations">Notification
///   payload</a>
final class HcpTerraform {
  private static final String NEEDS_ATTENTION = "run:needs_attention";
  private static final Step UNCONFIRMED = new Step(4, RunState.UNCONFIRMED);

  /// Runs pass the steps in this order, so that the number of a step is its `stateVersion`, and
  /// notifications that are repeated or late are detected.
  private static final Map<String, Step> STEPS =
      Map.ofEntries(
          entry("pending", new Step(1, RunState.QUEUED)),
          entry("fetching", new Step(2, RunState.PREPARING)),
          entry("fetching_completed", new Step(2, RunState.PREPARING)),
          entry("pre_plan_running", new Step(2, RunState.PREPARING)),
          entry("pre_plan_completed", new Step(2, RunState.PREPARING)),
          entry("queuing", new Step(2, RunState.PREPARING)),
          entry("plan_queued", new Step(2, RunState.PREPARING)),
          entry("planning", new Step(3, RunState.PLANNING)),
          entry("cost_estimating", new Step(3, RunState.PLANNING)),
          entry("cost_estimated", new Step(3, RunState.PLANNING)),
          entry("policy_checking", new Step(3, RunState.PLANNING)),
          entry("policy_checked", new Step(3, RunState.PLANNING)),
          entry("post_plan_running", new Step(3, RunState.PLANNING)),
          entry("post_plan_completed", new Step(3, RunState.PLANNING)),
          entry("planned", UNCONFIRMED),
          entry("planned_and_saved", UNCONFIRMED),
          entry("policy_override", UNCONFIRMED),
          entry("confirmed", new Step(5, RunState.CONFIRMED)),
          entry("apply_queued", new Step(5, RunState.CONFIRMED)),
          entry("applying", new Step(6, RunState.APPLYING)),
          entry("applied", new Step(7, RunState.FINISHED)),
          entry("planned_and_finished", new Step(7, RunState.FINISHED)),
          entry("errored", new Step(7, RunState.FAILED)),
          entry("policy_soft_failed", new Step(7, RunState.FAILED)),
          entry("discarded", new Step(7, RunState.DISCARDED)),
          entry("canceled", new Step(7, RunState.CANCELED)),
          entry("force_canceled", new Step(7, RunState.CANCELED)));

  private HcpTerraform() {}

  private record Step(long version, RunState state) {}

  /// An item of `notifications`.
  private record Item(
      String trigger, String status, Optional<String> message, Optional<Instant> updatedAt) {
    Optional<Step> step() {
      Optional<Step> step = Optional.ofNullable(STEPS.get(status));
      return trigger.equals(NEEDS_ATTENTION)
          ? step.filter(before -> before.version() < UNCONFIRMED.version())
              .map(ignored -> UNCONFIRMED)
              .or(() -> step)
          : step;
    }
  }

  static Optional<List<Notification>> parse(JsonObjectReader fields, AccountId account) {
    Optional<String> name = fields.optional("run_id", Decoder.STRING);
    Optional<String> organization = fields.optional("organization_name", Decoder.STRING);
    Optional<String> workspace = fields.optional("workspace_name", Decoder.STRING);
    Optional<String> url = fields.optional("run_url", Decoder.STRING);
    Optional<String> message = fields.optional("run_message", Decoder.STRING);
    Optional<String> createdBy = fields.optional("run_created_by", Decoder.STRING);
    Optional<Instant> createdAt = fields.optional("run_created_at", Decoder.TIME);
    Optional<List<Item>> items =
        fields.optional(
            "notifications", Decoder.listOf(JsonObjectReader.decoder(HcpTerraform::parseItem)));
    return fields.buildIgnoringOthers(() -> {
      if (name.isEmpty() || items.isEmpty()) {
        return List.of(new Ignored("the notification is not about a run"));
      }
      if (organization.isEmpty() || workspace.isEmpty()) {
        throw new IllegalArgumentException("organization_name and workspace_name are required");
      }
      StackId id = new StackId(account, organization.get() + "." + workspace.get());
      Stack stack =
          new Stack(
              id,
              workspace.get(),
              "",
              List.of(),
              url.map(page -> page.replaceFirst("/runs/.*", "")),
              Optional.empty());
      RunDetails details =
          new RunDetails(
              RunType.TRACKED,
              Notification.UNKNOWN,
              commit(message.orElse("")),
              createdBy,
              url,
              Optional.empty(),
              Optional.empty());
      RunId run = new RunId(id, name.get());
      return items.get().stream()
          .map(item -> notification(stack, run, details, createdAt, item))
          .toList();
    });
  }

  private static Optional<Item> parseItem(JsonObjectReader fields) {
    Optional<String> trigger = fields.optional("trigger", Decoder.STRING);
    Optional<String> status = fields.optional("run_status", Decoder.STRING);
    Optional<String> message = fields.optional("message", Decoder.STRING);
    Optional<Instant> updatedAt = fields.optional("run_updated_at", Decoder.TIME);
    return fields.buildIgnoringOthers(
        () -> new Item(trigger.orElse(""), status.orElse(""), message, updatedAt));
  }

  private static Notification notification(
      Stack stack, RunId run, RunDetails details, Optional<Instant> createdAt, Item item) {
    Optional<Step> step = item.step();
    if (step.isEmpty()) {
      return new Ignored("the run_status \"" + item.status() + "\" has no state");
    }
    TransitionReport report =
        new TransitionReport(
            run,
            step.get().state(),
            OptionalLong.of(step.get().version()),
            item.updatedAt(),
            Optional.empty(),
            item.message().map(text -> TextLimits.cut(text, TextLimits.MAX_TEXT)),
            Optional.empty());
    return new StateChange(stack, new NewRun(details, createdAt, report));
  }

  /// The message is usually that of the commit, whose hash is not in the notification.
  private static Commit commit(String message) {
    return new Commit(
        Notification.UNKNOWN,
        TextLimits.cut(message, TextLimits.MAX_COMMIT_MESSAGE),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
