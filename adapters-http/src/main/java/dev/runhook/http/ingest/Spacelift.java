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
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Notifications of Spacelift, whose run events have the fields of a payload of Runhook.
///
/// @see <a href="https://docs.spacelift.io/integrations/webhooks">Default webhook payloads</a>
final class Spacelift {
  private static final Decoder<Instant> SECONDS =
      Decoder.integerAtLeast(0).map(Instant::ofEpochSecond);
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);

  private Spacelift() {}

  /// The fields of `run`.
  ///
  /// @param type as Spacelift names it
  private record RunFields(
      String id,
      String type,
      Function<RunType, RunDetails> details,
      Optional<Instant> createdAt,
      Optional<Delta> delta) {}

  static Optional<List<Notification>> parse(JsonObjectReader fields, AccountId account) {
    Optional<String> state = fields.optional("state", Decoder.STRING);
    Optional<Long> version = fields.optional("stateVersion", Decoder.integerAtLeast(1));
    Optional<Instant> timestamp = fields.optional("timestamp", SECONDS);
    Optional<String> note = fields.optional("note", Decoder.STRING);
    Optional<RunFields> run = fields.optional("run", JsonObjectReader.decoder(Spacelift::parseRun));
    Optional<Stack> stack =
        fields.optional(
            "stack", JsonObjectReader.decoder(stackFields -> parseStack(stackFields, account)));
    return fields.buildIgnoringOthers(() -> {
      if (run.isEmpty() || stack.isEmpty() || state.isEmpty() || version.isEmpty()) {
        return List.of(new Ignored("the notification is not about a run"));
      }
      Optional<RunState> known = find(RunState.values(), state.get());
      Optional<RunType> type = find(RunType.values(), run.get().type());
      if (known.isEmpty() || type.isEmpty()) {
        return List.of(
            new Ignored("the state or the type of the run is not one of those of Runhook"));
      }
      TransitionReport report =
          new TransitionReport(
              new RunId(stack.get().id(), run.get().id()),
              known.get(),
              OptionalLong.of(version.get()),
              timestamp,
              run.get().delta(),
              note.map(text -> TextLimits.cut(text, TextLimits.MAX_TEXT)),
              Optional.empty());
      RunDetails details = run.get().details().apply(type.get());
      return List.of(
          new StateChange(stack.get(), new NewRun(details, run.get().createdAt(), report)));
    });
  }

  private static <E extends Enum<E>> Optional<E> find(E[] constants, String name) {
    return List.of(constants).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private static Optional<Stack> parseStack(JsonObjectReader fields, AccountId account) {
    Optional<StackId> id =
        fields.required("id", Decoder.STRING.map(slug -> new StackId(account, slug)));
    Optional<String> name = fields.optional("name", Decoder.STRING);
    Optional<String> description = fields.optional("description", Decoder.STRING);
    Optional<List<String>> labels = fields.optional("labels", Decoder.listOf(Decoder.STRING));
    Optional<String> url = fields.optional("url", Decoder.STRING);
    Optional<String> repository = fields.optional("repository", Decoder.STRING);
    return fields.buildIgnoringOthers(() ->
        new Stack(
            id.orElseThrow(),
            name.orElse(id.orElseThrow().slug()),
            TextLimits.cut(description.orElse(""), TextLimits.MAX_TEXT),
            labels.orElse(List.of()).stream()
                .filter(label -> !label.isBlank() && label.length() <= TextLimits.MAX_LABEL)
                .limit(Stack.MAX_LABELS)
                .toList(),
            url,
            repository));
  }

  private static Optional<RunFields> parseRun(JsonObjectReader fields) {
    Optional<String> id = fields.required("id", Decoder.STRING);
    Optional<String> type = fields.required("type", Decoder.STRING);
    Optional<String> branch = fields.optional("branch", Decoder.STRING);
    Optional<Commit> commit =
        fields.optional("commit", JsonObjectReader.decoder(Spacelift::parseCommit));
    Optional<Instant> createdAt = fields.optional("createdAt", SECONDS);
    Optional<Delta> delta =
        fields.optional("delta", JsonObjectReader.decoder(Spacelift::parseDelta));
    Optional<String> triggeredBy = fields.optional("triggeredBy", Decoder.STRING);
    Optional<String> url = fields.optional("url", Decoder.STRING);
    Optional<Boolean> driftDetection = fields.optional("driftDetection", Decoder.BOOLEAN);
    Optional<String> command = fields.optional("command", Decoder.STRING);
    Function<RunType, RunDetails> details =
        runType ->
            new RunDetails(
                runType,
                Notification.orUnknown(branch),
                commit.orElse(Commit.of(Notification.UNKNOWN)),
                triggeredBy,
                url,
                driftDetection,
                command.map(text -> TextLimits.cut(text, TextLimits.MAX_TEXT)));
    return fields.buildIgnoringOthers(
        () -> new RunFields(id.orElseThrow(), type.orElseThrow(), details, createdAt, delta));
  }

  private static Optional<Commit> parseCommit(JsonObjectReader fields) {
    Optional<String> hash = fields.optional("hash", Decoder.STRING);
    Optional<String> message = fields.optional("message", Decoder.STRING);
    Optional<String> authorName = fields.optional("authorName", Decoder.STRING);
    Optional<String> authorLogin = fields.optional("authorLogin", Decoder.STRING);
    Optional<Instant> timestamp = fields.optional("timestamp", SECONDS);
    Optional<String> url = fields.optional("url", Decoder.STRING);
    return fields.buildIgnoringOthers(() ->
        new Commit(
            Notification.orUnknown(hash),
            TextLimits.cut(message.orElse(""), TextLimits.MAX_COMMIT_MESSAGE),
            authorName.orElse(""),
            authorLogin,
            timestamp,
            url));
  }

  private static Optional<Delta> parseDelta(JsonObjectReader fields) {
    Optional<Long> added = fields.required("added", COUNT);
    Optional<Long> changed = fields.required("changed", COUNT);
    Optional<Long> deleted = fields.required("deleted", COUNT);
    Optional<Long> resources = fields.required("resources", COUNT);
    return fields.buildIgnoringOthers(() ->
        new Delta(
            added.orElseThrow(),
            changed.orElseThrow(),
            deleted.orElseThrow(),
            resources.orElseThrow()));
  }
}
