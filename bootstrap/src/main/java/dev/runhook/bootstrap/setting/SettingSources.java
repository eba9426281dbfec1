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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/// The sources of settings: the environment, `runhook.properties`, and files that these name. The
/// environment overrides the properties. An empty variable counts as unset. Errors in the sources
/// are added to the problems.
final class SettingSources {
  /// Read by the launcher before it starts the JVM.
  private static final String LAUNCHER_VARIABLE = Setting.PREFIX + "JAVA_OPTS";

  private static final int MAX_SECRET_BYTES = 64 * 1024;

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
      if (name.startsWith(Setting.PREFIX) && !name.equals(LAUNCHER_VARIABLE)) {
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
      } else if (name.equals(LAUNCHER_VARIABLE)) {
        problems.add(name + " configures the launcher and can only be set in the environment");
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
    Set<String> known = new HashSet<>(Set.of(LAUNCHER_VARIABLE));
    for (Setting<?> setting : SettingDefinitions.ALL) {
      known.add(setting.variable());
      if (setting.kind().mayComeFromFile()) {
        known.add(setting.fileVariable());
      }
    }
    names.stream()
        .filter(name -> !known.contains(name))
        .forEach(
            name -> problems.add(name + " is not a setting of Runhook; see docs/configuration.md"));
  }
}
