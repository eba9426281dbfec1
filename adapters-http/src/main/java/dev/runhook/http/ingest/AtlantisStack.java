package dev.runhook.http.ingest;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names the stack of a project on Atlantis.
final class AtlantisStack {
  private static final String ROOT = ".";
  private static final int HASH_LENGTH = 8;

  /// Characters that become hyphens, because a slug cannot contain them.
  private static final Pattern OTHER_CHARACTER = Pattern.compile("[^A-Za-z0-9._-]");

  private static final Pattern ADJACENT_SLASHES = Pattern.compile("[/-]/|/-");

  private AtlantisStack() {}

  /// Returns the stack of a project. A project without a name is named after its directory and
  /// workspace.
  static Stack of(
      AccountId account,
      String repository,
      Optional<String> project,
      Optional<String> directory,
      Optional<String> workspace) {
    String folder = directory.filter(text -> !text.isBlank()).orElse(ROOT);
    String space = workspace.orElse("default");
    Optional<String> named = project.filter(text -> !text.isBlank());
    String name = named.orElseGet(() -> folder + " " + space);
    String part = named.map(AtlantisStack::slug).orElseGet(() -> slug(folder, space));
    String path = repository.replace('/', '.') + "." + part;
    StackId id = new StackId(account, OTHER_CHARACTER.matcher(path).replaceAll("-"));
    return new Stack(id, name, "", List.of(), Optional.empty(), Optional.of(repository));
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
