package dev.runhook.http.ingest;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.ingest.Mapping.Source;
import java.nio.charset.StandardCharsets;
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

  /// A project without a name is named after its directory and workspace.
  static Optional<String> name(Source source) {
    String place = directory(source) + " " + workspace(source);
    return project(source).or(() -> Optional.of(place));
  }

  static Optional<String> id(Source source) {
    String repository = source.text("/stack/repository").orElse("").replace('/', '.');
    String place = slug(directory(source), workspace(source));
    String slug = project(source).map(AtlantisStack::slug).orElse(place);
    return Optional.of(OTHER_CHARACTER.matcher(repository + "." + slug).replaceAll("-"));
  }

  private static Optional<String> project(Source source) {
    return source.text("project").filter(text -> !text.isBlank());
  }

  private static String directory(Source source) {
    return source.text("directory").filter(text -> !text.isBlank()).orElse(ROOT);
  }

  private static String workspace(Source source) {
    return source.text("workspace").orElse("default");
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
