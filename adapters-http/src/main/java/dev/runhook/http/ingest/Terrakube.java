package dev.runhook.http.ingest;

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

/// Notifications of Terrakube to a generic webhook about the status of a job. A test has no
/// `runUrl`.
///
/// @see <a href="https://docs.terrakube.io/user-guide/workspaces/notifications">Notifications</a>
final class Terrakube {
  private static final Decoder<String> NUMBER = Decoder.integerAtLeast(0).map(String::valueOf);

  /// Each step of a job's template passes `pending`, `queue` and `running` again, and the version
  /// makes what follows the first of them late. So `running` is usually the plan.
  private static final List<Step> STEPS =
      List.of(
          Step.of(1, RunState.QUEUED, "pending"),
          Step.of(2, RunState.PREPARING, "queue"),
          Step.of(3, RunState.PLANNING, "running"),
          Step.of(4, RunState.UNCONFIRMED, "waitingApproval"),
          Step.of(5, RunState.CONFIRMED, "approved"),
          Step.of(6, RunState.FINISHED, "completed", "noChanges"),
          Step.of(6, RunState.FAILED, "failed"),
          Step.of(6, RunState.DISCARDED, "rejected"),
          Step.of(6, RunState.CANCELED, "cancelled"));

  private static final Map<String, String> FIELDS =
      Map.of(
          "organization", "/organization",
          "/stack/name", "/workspace",
          "/stack/url", "/workspaceUrl",
          "job", "/jobId",
          "/run/url", "/runUrl",
          "/run/commit/hash", "/commitId",
          "/state", "/status",
          "/note", "/failureReason");

  private static final Mapping JOB =
      new Mapping(
          Set.of("/organization", "/workspace", "/jobId", "/runUrl"),
          Set.of(),
          "",
          field -> FIELDS.getOrDefault(field, ""),
          Decoder.TIME,
          Map.of("/stack/id", Terrakube::stackId, "/run/id", source -> source.value("job", NUMBER)),
          STEPS,
          "the status \"%s\" has no state");

  static final Platform PLATFORM =
      new Platform(
          "terrakube",
          Optional.of(new Signature(Algorithm.SHA256, "X-Terrakube-Signature")),
          "a run",
          List.of(JOB));

  private Terrakube() {}

  private static Optional<String> stackId(Source source) {
    return Optional.of(
        source.text("organization").orElse("") + "." + source.text("/stack/name").orElse(""));
  }
}
