package dev.runhook.http.ingest;

import static java.util.Map.entry;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.IngestSecret.Algorithm;
import dev.runhook.http.ingest.Mapping.Source;
import dev.runhook.http.ingest.Mapping.Step;
import dev.runhook.http.ingest.Platform.Signature;
import dev.runhook.http.json.Decoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Notifications of HCP Terraform and Terraform Enterprise. Their payload is documented under
/// "Notification configurations API".
///
/// @see <a href="https://developer.hashicorp.com/terraform/cloud-docs">HCP Terraform</a>
final class HcpTerraform {
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          entry("organization", "/organization_name"),
          entry("/stack/name", "/workspace_name"),
          entry("/run/id", "/run_id"),
          entry("/run/url", "/run_url"),
          entry("/run/commit/message", "/run_message"),
          entry("/run/triggeredBy", "/run_created_by"),
          entry("/run/createdAt", "/run_created_at"),
          entry("trigger", "/notifications/*/trigger"),
          entry("status", "/notifications/*/run_status"),
          entry("/note", "/notifications/*/message"),
          entry("/timestamp", "/notifications/*/run_updated_at"));

  /// Runs pass the steps in this order, so that the number of a step is its `stateVersion`, and
  /// notifications that are repeated or late are detected.
  private static final List<Step> STEPS =
      List.of(
          Step.of(1, RunState.QUEUED, "pending"),
          Step.of(2, RunState.PREPARING, "fetching", "fetching_completed"),
          Step.of(2, RunState.PREPARING, "pre_plan_running", "pre_plan_completed"),
          Step.of(2, RunState.PREPARING, "queuing", "plan_queued"),
          Step.of(3, RunState.PLANNING, "planning", "cost_estimating", "cost_estimated"),
          Step.of(3, RunState.PLANNING, "policy_checking", "policy_checked"),
          Step.of(3, RunState.PLANNING, "post_plan_running", "post_plan_completed"),
          Step.of(4, RunState.UNCONFIRMED, "planned", "planned_and_saved", "policy_override"),
          Step.of(5, RunState.CONFIRMED, "confirmed", "apply_queued"),
          Step.of(6, RunState.APPLYING, "applying"),
          Step.of(7, RunState.FINISHED, "applied", "planned_and_finished"),
          Step.of(7, RunState.FAILED, "errored", "policy_soft_failed"),
          Step.of(7, RunState.DISCARDED, "discarded"),
          Step.of(7, RunState.CANCELED, "canceled", "force_canceled"));

  static final Platform PLATFORM =
      new Platform(
          "hcp-terraform",
          Optional.of(new Signature(Algorithm.SHA512, "X-TFE-Notification-Signature")),
          "a run",
          List.of(
              new Mapping(
                  Set.of("/run_id", "/notifications"),
                  Set.of(),
                  "notifications",
                  field -> FIELDS.getOrDefault(field, ""),
                  Decoder.TIME,
                  Map.of(
                      "/stack/id", HcpTerraform::stackId,
                      "/stack/url", HcpTerraform::stackUrl,
                      "/state", HcpTerraform::state),
                  STEPS,
                  "the run_status \"%s\" has no state")));

  private HcpTerraform() {}

  private static Optional<String> stackId(Source source) {
    Optional<String> organization = source.text("organization");
    Optional<String> workspace = source.text("/stack/name");
    if (organization.isEmpty() || workspace.isEmpty()) {
      throw new IllegalArgumentException("organization_name and workspace_name are required");
    }
    return Optional.of(organization.get() + "." + workspace.get());
  }

  private static Optional<String> stackUrl(Source source) {
    return source.text("/run/url").map(url -> url.replaceFirst("/runs/.*", ""));
  }

  /// A run that needs attention before it is confirmed waits for that.
  private static Optional<String> state(Source source) {
    Optional<String> status = source.text("status");
    boolean needsAttention = source.text("trigger").equals(Optional.of("run:needs_attention"));
    return status.map(name -> needsAttention && isBeforeConfirmation(name) ? "planned" : name);
  }

  private static boolean isBeforeConfirmation(String status) {
    return STEPS.stream()
        .anyMatch(step -> step.version().orElseThrow() < 4 && step.names().contains(status));
  }
}
