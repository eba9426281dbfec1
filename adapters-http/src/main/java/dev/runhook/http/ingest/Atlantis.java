package dev.runhook.http.ingest;

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
import dev.runhook.domain.text.Sha256;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Notifications of Atlantis, which sends the result of each apply of a project, and of each drift
/// detection, once.
///
/// @see <a
///   href="https://www.runatlantis.io/docs/sending-notifications-via-webhooks.html">Webhooks</a>
final class Atlantis {
  private static final String ROOT = ".";
  private static final int HASH_LENGTH = 8;

  /// What becomes a hyphen, because a slug cannot have it.
  private static final Pattern OTHER_CHARACTER = Pattern.compile("[^A-Za-z0-9._-]");

  private static final Pattern ADJACENT_SLASHES = Pattern.compile("[/-]/|/-");

  private Atlantis() {}

  /// The fields of `Pull`.
  private record Pull(Optional<String> url, Optional<String> branch, Optional<String> commit) {}

  /// @param nextName generates the id of the run, which has none on Atlantis
  static Optional<List<Notification>> parse(
      JsonObjectReader fields, AccountId account, Supplier<String> nextName) {
    Optional<String> repository =
        fields.optional("Repo", Decoder.object(repo -> parseText(repo, "FullName")));
    Optional<String> user =
        fields.optional("User", Decoder.object(userFields -> parseText(userFields, "Username")));
    Optional<Pull> pull = fields.optional("Pull", Decoder.object(Atlantis::parsePull));
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
      Stack stack = stack(account, repository.get(), project, directory, workspace);
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

  /// Returns the stack of a project, which is named by its directory and workspace if it has no
  /// name.
  static Stack stack(
      AccountId account,
      String repository,
      Optional<String> project,
      Optional<String> directory,
      Optional<String> workspace) {
    String folder = directory.filter(text -> !text.isBlank()).orElse(ROOT);
    String space = workspace.orElse("default");
    Optional<String> named = project.filter(text -> !text.isBlank());
    String name = named.orElseGet(() -> folder + " " + space);
    String part = named.map(Atlantis::slug).orElseGet(() -> slug(folder, space));
    String path = repository.replace('/', '.') + "." + part;
    StackId id = new StackId(account, OTHER_CHARACTER.matcher(path).replaceAll("-"));
    return new Stack(id, name, "", List.of(), Optional.empty(), Optional.of(repository));
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

  private static String slug(String project) {
    return OTHER_CHARACTER.matcher(project).find() ? withHash(project, project) : project;
  }

  /// Hyphens stand for slashes, so existing ones are doubled. The directory `.` has no name.
  private static String slug(String directory, String workspace) {
    String slug = directory.replace("-", "--").replace('/', '-') + "." + workspace;
    boolean isAmbiguous =
        OTHER_CHARACTER.matcher(slug).find()
            || ADJACENT_SLASHES.matcher("/" + directory + "/").find()
            || workspace.contains(".");
    String shown = directory.equals(ROOT) ? workspace : slug;
    return isAmbiguous ? withHash(shown, directory + " " + workspace) : shown;
  }

  private static String withHash(String slug, String name) {
    String hash = Sha256.hex(name.getBytes(StandardCharsets.UTF_8));
    return slug + "-" + hash.substring(0, HASH_LENGTH);
  }
}
