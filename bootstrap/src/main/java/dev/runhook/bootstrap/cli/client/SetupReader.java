package dev.runhook.bootstrap.cli.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the fields of a [SetupFile] and collects its problems.
final class SetupReader {
  private final Path file;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  SetupReader(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /// Returns the content of the file, or null if it is not readable.
  @Nullable JsonNode root() {
    try {
      return YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readTree(Files.readString(file));
    } catch (StreamConstraintsException _) { // it has no location
      problems.add(file + " is not valid YAML: it is nested too deeply, or a value is too long");
    } catch (JsonProcessingException e) {
      problems.add(
          file
              + " is not valid YAML: line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException _) {
      problems.add(file + " cannot be read");
    }
    return null;
  }

  /// @throws ConfigurationException with all problems, if there are any
  void requireNoProblem() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /// Returns a path that is relative to the file.
  Path resolve(String path) {
    return file.resolveSibling(path);
  }

  /// Validates the body of a request as the server does, unless a part of it has been reported.
  ///
  /// @return what the server would read
  <T> Optional<T> validate(
      String at, ObjectNode body, Function<JsonObjectReader, Optional<T>> parser) {
    String reported = file + ": " + at + "/";
    if (problems.stream().anyMatch(problem -> problem.startsWith(reported))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          JsonBodyReader.readObject(body.toString().getBytes(StandardCharsets.UTF_8), parser));
    } catch (ProblemException e) {
      requireNonNull(e.problem().errors())
          .forEach(error -> addProblem(at + error.pointer() + ": " + error.detail()));
    } catch (IllegalArgumentException e) {
      addProblem(at + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  static ArrayNode texts(Iterable<JsonNode> items) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    items.forEach(item -> array.add(item.asText()));
    return array;
  }

  /// Names are a set; the API returns them in another order.
  static ArrayNode sorted(Iterable<JsonNode> names) {
    Set<String> sorted = new TreeSet<>();
    names.forEach(name -> sorted.add(name.asText()));
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    sorted.forEach(array::add);
    return array;
  }

  /// Reads a secret from the environment or a file. It cannot be in this file, which belongs in
  /// version control.
  @Nullable String secret(String at, JsonNode source) {
    String variable = source.path("env").asText("");
    String path = source.path("file").asText("");
    if (!source.isObject() || source.size() != 1 || (variable + path).isEmpty()) {
      addProblem(
          at + " must be {env: VARIABLE} or {file: PATH}, because secrets do not belong here");
      return null;
    }
    String secret = variable.isEmpty() ? content(path) : environment.get(variable);
    if (secret == null || secret.isBlank()) {
      addProblem(
          variable.isEmpty()
              ? at + ": the file " + path + " is not readable, or blank"
              : at + ": the variable " + variable + " is not set");
    }
    return secret;
  }

  private @Nullable String content(String path) {
    try {
      return Files.readString(resolve(path)).replaceFirst("\r?\n\\z", "");
    } catch (IOException _) {
      return null;
    }
  }

  static @Nullable String text(JsonNode fields, String name) {
    return fields.hasNonNull(name) ? fields.get(name).asText() : null;
  }

  /// Parses the items of a list, which can be left out. Leaves out invalid ones.
  <T> List<T> items(
      String at, JsonNode fields, String name, BiFunction<String, JsonNode, Optional<T>> parser) {
    List<T> items = new ArrayList<>();
    int index = 0;
    for (JsonNode item : list(at, fields, name)) {
      parser.apply(at + "/" + name + "/" + index++, item).ifPresent(items::add);
    }
    return List.copyOf(items);
  }

  /// Returns the items of a list, which can be left out.
  Iterable<JsonNode> list(String at, JsonNode fields, String name) {
    JsonNode list = fields.path(name);
    if (fields.hasNonNull(name) && !list.isArray()) {
      addProblem(at + "/" + name + " must be a list");
      return List.of();
    }
    return list;
  }

  String requireText(String at, JsonNode fields, String name) {
    String text = fields.path(name).asText("");
    if (text.isBlank()) {
      addProblem(at + "/" + name + " is required");
    }
    return text;
  }

  /// @param others the texts of the items before this one
  String requireUnique(String at, JsonNode fields, String name, Set<String> others) {
    String text = requireText(at, fields, name);
    if (!others.add(text)) {
      addProblem(at + "/" + name + ": \"" + text + "\" occurs twice");
    }
    return text;
  }

  boolean requireObject(String at, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      addProblem((at.isEmpty() ? "the file" : at) + " must have fields");
      return false;
    }
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            addProblem(
                "%s/%s is unknown; the fields are %s"
                    .formatted(at, name, String.join(", ", new TreeSet<>(known))));
          }
        });
    return true;
  }

  void addProblem(String problem) {
    problems.add(file + ": " + problem);
  }
}
