package dev.runhook.http.ingest;

import static java.util.Map.entry;

import dev.runhook.domain.run.RunState;
import dev.runhook.http.ingest.Mapping.Source;
import dev.runhook.http.ingest.Mapping.Step;
import dev.runhook.http.json.Decoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Notifications of Atlantis, which sends the result of each apply of a project, and of each drift
/// detection, once.
///
/// @see <a
///   href="https://www.runatlantis.io/docs/sending-notifications-via-webhooks.html">Webhooks</a>
final class Atlantis {
  /// Whether it has succeeded.
  private static final List<Step> STEPS =
      List.of(Step.of(RunState.FINISHED, "true"), Step.of(RunState.FAILED, "false"));

  private static final Map<String, String> APPLY_FIELDS =
      Map.of(
          "/stack/repository", "/Repo/FullName",
          "/run/branch", "/Pull/HeadBranch",
          "/run/commit/hash", "/Pull/HeadCommit",
          "/run/url", "/Pull/URL",
          "/run/triggeredBy", "/User/Username",
          "success", "/Success",
          "project", "/ProjectName",
          "directory", "/Directory",
          "workspace", "/Workspace");

  private static final Map<String, String> DRIFT_FIELDS =
      Map.ofEntries(
          entry("/stack/repository", "/repository"),
          entry("/run/branch", "/ref"),
          entry("/run/delta", "/projects/*"),
          entry("/run/delta/added", "/projects/*/to_add"),
          entry("/run/delta/changed", "/projects/*/to_change"),
          entry("/run/delta/deleted", "/projects/*/to_destroy"),
          entry("detection", "/detection_id"),
          entry("project", "/projects/*/project_name"),
          entry("directory", "/projects/*/path"),
          entry("workspace", "/projects/*/workspace"),
          entry("error", "/projects/*/error"),
          entry("summary", "/projects/*/summary"));

  private static final Mapping APPLY =
      new Mapping(
          Set.of("/Success", "/Pull", "/Repo"),
          Set.of("/Repo/FullName", "/User/Username"),
          "",
          field -> APPLY_FIELDS.getOrDefault(field, ""),
          Decoder.TIME,
          Map.of(
              "/stack/id", AtlantisStack::id,
              "/stack/name", AtlantisStack::name,
              "/state", source -> source.value("success", Decoder.BOOLEAN).map(String::valueOf)),
          STEPS,
          "");

  /// Each project in a drift event is a run that has ended.
  private static final Mapping DRIFT =
      new Mapping(
          Set.of("/repository", "/detection_id", "/projects"),
          Set.of(),
          "projects",
          field -> DRIFT_FIELDS.getOrDefault(field, ""),
          Decoder.TIME,
          Map.of(
              "/stack/id", AtlantisStack::id,
              "/stack/name", AtlantisStack::name,
              "/run/id", source -> source.text("detection").map(id -> "drift-" + id),
              "/run/type", source -> Optional.of("PROPOSED"),
              "/run/driftDetection", source -> Optional.of("true"),
              "/state", source -> Optional.of("" + nonBlank(source, "error").isEmpty()),
              "/note", Atlantis::note),
          STEPS,
          "");

  static final Platform PLATFORM =
      new Platform(
          "atlantis", Optional.empty(), "an apply or a drift detection", List.of(DRIFT, APPLY));

  private Atlantis() {}

  private static Optional<String> note(Source source) {
    Optional<String> summary = nonBlank(source, "summary");
    return nonBlank(source, "error").or(() -> summary);
  }

  private static Optional<String> nonBlank(Source source, String field) {
    return source.text(field).filter(text -> !text.isBlank());
  }
}
