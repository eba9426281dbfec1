package dev.runhook.http.ingest;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Notifications of Atlantis, which sends the result of each apply of a project, and of each drift
/// detection, once.
///
/// @see <a
///   href="https://www.runatlantis.io/docs/sending-notifications-via-webhooks.html">Webhooks</a>
final class Atlantis {
  private Atlantis() {}

  /// The fields of `Pull`.
  private record Pull(Optional<String> url, Optional<String> branch, Optional<String> commit) {}

  /// @param nextName generates the id of the run, which has none on Atlantis
  static Optional<List<Notification>> parse(
      JsonObjectReader fields, AccountId account, Supplier<String> nextName) {
    Optional<String> repository =
        fields.optional("Repo", JsonObjectReader.decoder(repo -> parseText(repo, "FullName")));
    Optional<String> user =
        fields.optional(
            "User", JsonObjectReader.decoder(userFields -> parseText(userFields, "Username")));
    Optional<Pull> pull = fields.optional("Pull", JsonObjectReader.decoder(Atlantis::parsePull));
    Optional<Boolean> success = fields.optional("Success", Decoder.BOOLEAN);
    Optional<String> project = fields.optional("ProjectName", Decoder.STRING);
    Optional<String> directory = fields.optional("Directory", Decoder.STRING);
    Optional<String> workspace = fields.optional("Workspace", Decoder.STRING);
    Optional<List<Notification>> drift = AtlantisDrift.parse(fields, account);
    return fields.buildIgnoringOthers(() -> {
      if (drift.isPresent()) {
        return drift.get();
      }
      if (success.isEmpty() || pull.isEmpty() || repository.isEmpty()) {
        return List.of(new Ignored("the notification is not about an apply or a drift detection"));
      }
      Stack stack = AtlantisStack.of(account, repository.get(), project, directory, workspace);
      RunDetails details =
          new RunDetails(
              RunType.TRACKED,
              Notification.orUnknown(pull.get().branch()),
              Commit.of(Notification.orUnknown(pull.get().commit())),
              user,
              pull.get().url(),
              Optional.empty(),
              Optional.empty());
      TransitionReport report =
          TransitionReport.of(
              new RunId(stack.id(), nextName.get()),
              success.get() ? RunState.FINISHED : RunState.FAILED);
      return List.of(new StateChange(stack, NewRun.of(details, report)));
    });
  }

  private static Optional<String> parseText(JsonObjectReader fields, String name) {
    Optional<String> text = fields.required(name, Decoder.STRING);
    return fields.buildIgnoringOthers(text::orElseThrow);
  }

  private static Optional<Pull> parsePull(JsonObjectReader fields) {
    Optional<String> url = fields.optional("URL", Decoder.STRING);
    Optional<String> branch = fields.optional("HeadBranch", Decoder.STRING);
    Optional<String> commit = fields.optional("HeadCommit", Decoder.STRING);
    return fields.buildIgnoringOthers(() -> new Pull(url, branch, commit));
  }
}
