package dev.runhook.http.ingest;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.List;
import java.util.Optional;

/// Drift events of Atlantis. Each project in the event is a run that has ended.
final class AtlantisDrift {
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);

  private AtlantisDrift() {}

  /// An item of `projects`.
  private record Project(
      Optional<String> name,
      Optional<String> path,
      Optional<String> workspace,
      Delta delta,
      Optional<String> error,
      Optional<String> summary) {}

  /// Returns empty if this is another event.
  static Optional<List<Notification>> parse(JsonObjectReader fields, AccountId account) {
    Optional<String> repository = fields.optional("repository", Decoder.STRING);
    Optional<String> ref = fields.optional("ref", Decoder.STRING);
    Optional<String> detection = fields.optional("detection_id", Decoder.STRING);
    Optional<List<Project>> projects =
        fields.optional(
            "projects", Decoder.listOf(JsonObjectReader.decoder(AtlantisDrift::parseProject)));
    if (repository.isEmpty() || detection.isEmpty() || projects.isEmpty()) {
      return Optional.empty();
    }
    RunDetails details =
        new RunDetails(
            RunType.PROPOSED,
            Notification.orUnknown(ref),
            Commit.of(Notification.UNKNOWN),
            Optional.empty(),
            Optional.empty(),
            Optional.of(true),
            Optional.empty());
    return fields.buildIgnoringOthers(() ->
        projects.get().stream()
            .map(each -> notification(each, account, repository.get(), detection.get(), details))
            .toList());
  }

  private static Notification notification(
      Project project, AccountId account, String repository, String detection, RunDetails details) {
    Stack stack =
        AtlantisStack.of(account, repository, project.name(), project.path(), project.workspace());
    TransitionReport report =
        TransitionReport.of(
                new RunId(stack.id(), "drift-" + detection),
                project.error().isPresent() ? RunState.FAILED : RunState.FINISHED)
            .withDelta(project.delta());
    return new StateChange(
        stack,
        NewRun.of(
            details,
            project
                .error()
                .or(project::summary)
                .map(text -> report.withNote(TextLimits.cut(text, TextLimits.MAX_TEXT)))
                .orElse(report)));
  }

  private static Optional<Project> parseProject(JsonObjectReader fields) {
    Optional<String> name = fields.optional("project_name", Decoder.STRING);
    Optional<String> path = fields.optional("path", Decoder.STRING);
    Optional<String> workspace = fields.optional("workspace", Decoder.STRING);
    Optional<Long> added = fields.optional("to_add", COUNT);
    Optional<Long> changed = fields.optional("to_change", COUNT);
    Optional<Long> deleted = fields.optional("to_destroy", COUNT);
    Optional<String> summary = fields.optional("summary", Decoder.STRING);
    Optional<String> error = fields.optional("error", Decoder.STRING);
    return fields.buildIgnoringOthers(() ->
        new Project(
            name,
            path,
            workspace,
            new Delta(added.orElse(0L), changed.orElse(0L), deleted.orElse(0L), 0),
            error.filter(text -> !text.isBlank()),
            summary.filter(text -> !text.isBlank())));
  }
}
