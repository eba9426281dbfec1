package dev.runhook.bootstrap.setting;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The sources of settings: the environment, `runhook.properties`, and files that these name. The
/// environment overrides the properties. An empty variable counts as unset. Errors in the sources
/// are added to the problems.
final class SettingSources {
  /// Variables that are not settings of the server, and what reads them.
  private static final Map<String, String> OTHER_VARIABLES =
      Map.of(
          Setting.PREFIX + "JAVA_OPTS", "the launcher",
          Setting.PREFIX + "URL", "commands that call a server",
          Setting.PREFIX + "TOKEN", "commands that call a server");

  /// Kubernetes injects these into each pod for each Service whose name starts with `runhook`.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "RUNHOOK_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

  private static final int MAX_SECRET_BYTES = 64 * 1024;
  private static final int MAX_TYPING_ERRORS = 2;

  /// The text of a setting before it is parsed.
  ///
  /// @param variable the name to use in a problem: the variable of the setting or of its file
  /// @param source where the text was found, for users
  record RawValue(String text, String variable, String source) {
    /// Returns a description without the text, which may be a secret.
    @Override
    public String toString() {
      return variable + " from " + source;
    }
  }

  private final Map<String, RawValue> variables = new HashMap<>();
  private final Set<String> names = new TreeSet<>();
  private final List<String> problems;

  /// @param file the properties; may not exist
  SettingSources(Map<String, String> environment, Optional<Path> file, List<String> problems) {
    this.problems = problems;
    file.filter(Files::exists).ifPresent(this::addProperties);
    addEnvironment(environment);
    checkUnknown();
  }

  /// Returns the names of variables that Kubernetes has injected and that are ignored.
  static List<String> serviceLinks(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(entry -> isServiceLink(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static boolean isServiceLink(String name, String text) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.matches("RUNHOOK_(.+_)?PORT") && SERVICE_URL.matcher(text).matches());
  }

  /// Returns the value of a setting, or the content of its file. Setting both is a problem.
  Optional<RawValue> find(Setting<?> setting) {
    Optional<RawValue> direct = Optional.ofNullable(variables.get(setting.variable()));
    if (!setting.kind().mayComeFromFile()) {
      return direct;
    }
    Optional<RawValue> file = Optional.ofNullable(variables.get(setting.fileVariable()));
    if (direct.isPresent() && file.isPresent()) {
      problems.add(
          "%s and %s are both set; remove one of them"
              .formatted(setting.fileVariable(), setting.variable()));
      return Optional.empty();
    }
    return file.isPresent() ? file.flatMap(this::content) : direct;
  }

  private Optional<RawValue> content(RawValue file) {
    try {
      String text = readSecret(file.text());
      return Optional.of(new RawValue(text, file.variable(), "file " + file.text()));
    } catch (IllegalArgumentException e) {
      problems.add(file.variable() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Returns the only line of a file, as container platforms mount secrets, without surrounding
  /// white space.
  ///
  /// @throws IllegalArgumentException if the file is unusable; the message names it but never
  ///   quotes its content
  private static String readSecret(String path) {
    String text = readText(path).strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("names " + path + ", which is empty");
    }
    if (text.lines().count() > 1) {
      throw new IllegalArgumentException("names " + path + ", which has more than one line");
    }
    return text;
  }

  private static String readText(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      byte[] bytes = in.readNBytes(MAX_SECRET_BYTES + 1);
      if (bytes.length > MAX_SECRET_BYTES) {
        throw new IllegalArgumentException("names " + path + ", which is larger than 64 KiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException _) {
      throw new IllegalArgumentException("names " + path + ", which does not exist");
    } catch (AccessDeniedException _) {
      throw new IllegalArgumentException("names " + path + ", which is not readable");
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException("names " + path + ", which is not UTF-8 text");
    } catch (InvalidPathException _) {
      throw new IllegalArgumentException("is not a valid path");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "names " + path + ", which cannot be read: " + e.getMessage());
    }
  }

  private void addEnvironment(Map<String, String> environment) {
    environment.forEach((name, text) -> {
      if (name.startsWith(Setting.PREFIX)
          && !OTHER_VARIABLES.containsKey(name)
          && !isServiceLink(name, text)) {
        add(name, text, "environment");
      }
    });
  }

  private void addProperties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(file + " cannot be read: " + e.getMessage());
    }
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      String name = variableOf(key);
      if (names.contains(name)) {
        problems.add(name + " is set twice in " + file.getFileName() + " with different spellings");
      } else if (OTHER_VARIABLES.containsKey(name)) {
        problems.add(
            "%s configures %s and can only be set in the environment"
                .formatted(name, OTHER_VARIABLES.get(name)));
      }
      add(name, properties.getProperty(key), String.valueOf(file.getFileName()));
    }
  }

  private void add(String name, String text, String source) {
    names.add(name);
    if (!text.isBlank()) {
      variables.put(name, new RawValue(text.strip(), name, source));
    }
  }

  private static String variableOf(String key) {
    String variable = key.toUpperCase(Locale.ROOT).replace('.', '_');
    return variable.startsWith(Setting.PREFIX) ? variable : Setting.PREFIX + variable;
  }

  /// Reports unknown variables, which are probably typing errors.
  private void checkUnknown() {
    Set<String> known = new HashSet<>(OTHER_VARIABLES.keySet());
    for (Setting<?> setting : SettingDefinitions.ALL) {
      known.add(setting.variable());
      if (setting.kind().mayComeFromFile()) {
        known.add(setting.fileVariable());
      }
    }
    names.stream()
        .filter(name -> !known.contains(name))
        .forEach(name ->
            problems.add(
                name
                    + " is not a setting of Runhook"
                    + suggestion(name, known)
                    + "; see docs/configuration.md"));
  }

  private static String suggestion(String name, Set<String> known) {
    return known.stream()
        .filter(candidate -> typingErrors(name, candidate) <= MAX_TYPING_ERRORS)
        .min(
            Comparator.<String>comparingInt(candidate -> typingErrors(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .map(candidate -> " (did you mean " + candidate + "?)")
        .orElse("");
  }

  /// The Levenshtein distance: how many characters to insert, delete or replace.
  private static int typingErrors(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
