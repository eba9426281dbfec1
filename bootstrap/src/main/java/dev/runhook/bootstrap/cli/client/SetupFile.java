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
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Durations;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.run.StackRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The stacks, webhooks and tokens that a server should have, as a user has written them in YAML.
/// Fields that are left out have their defaults, except `enabled`, `secret` and `headers`, which
/// are then not managed.
public final class SetupFile {
  private static final String ACCOUNT_WEBHOOKS = "accountWebhooks";
  private static final AccountId ANY_ACCOUNT = new AccountId("any");
  static final Set<String> ROOT = Set.of("stacks", "webhooks", ACCOUNT_WEBHOOKS, "tokens");
  static final Set<String> STACK =
      Set.of("id", "name", "description", "labels", "url", "repository", "webhooks");

  private final Path file;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<StackSetup> stacks = new ArrayList<>();

  /// The webhooks of every stack in the file.
  private final List<WebhookSetup> common = new ArrayList<>();

  private final List<TokenSetup> tokens = new ArrayList<>();
  private boolean managesTokens;
  private final List<WebhookSetup> accountWebhooks = new ArrayList<>();
  private boolean managesAccountWebhooks;

  /// A stack with its webhooks.
  ///
  /// @param stack the body of a request that creates it
  public record StackSetup(String id, ObjectNode stack, List<WebhookSetup> webhooks) {}

  private SetupFile(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /// Reads and validates a file, with the secrets that it refers to.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static SetupFile read(Path file, Map<String, String> environment) {
    SetupFile setup = new SetupFile(file, environment);
    setup.parse();
    if (!setup.problems.isEmpty()) {
      throw new ConfigurationException(setup.problems);
    }
    return setup;
  }

  public List<StackSetup> stacks() {
    return List.copyOf(stacks);
  }

  /// The webhooks of the account, or null if the file does not manage them.
  @Nullable List<WebhookSetup> accountWebhooks() {
    return managesAccountWebhooks ? List.copyOf(accountWebhooks) : null;
  }

  public List<TokenSetup> tokens() {
    return List.copyOf(tokens);
  }

  /// Returns whether the file says which tokens there are.
  boolean managesTokens() {
    return managesTokens;
  }

  /// Returns a path that is relative to the file.
  Path resolve(String path) {
    return file.resolveSibling(path);
  }

  private void parse() {
    JsonNode root;
    try {
      root =
          YAMLMapper.builder()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .build()
              .readTree(Files.readString(file));
    } catch (StreamConstraintsException _) { // it has no location
      problems.add(file + " is not valid YAML: it is nested too deeply, or a value is too long");
      return;
    } catch (JsonProcessingException e) {
      problems.add(
          file
              + " is not valid YAML: line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
      return;
    } catch (IOException _) {
      problems.add(file + " cannot be read");
      return;
    }
    if (requireObject("", root, ROOT)) {
      parseWebhooks("", root, "webhooks", WebhookSetup.FIELDS, common, new HashSet<>());
      managesAccountWebhooks = root.has(ACCOUNT_WEBHOOKS);
      parseWebhooks(
          "",
          root,
          ACCOUNT_WEBHOOKS,
          WebhookSetup.ACCOUNT_FIELDS,
          accountWebhooks,
          new HashSet<>());
      Set<String> ids = new HashSet<>();
      int index = 0;
      for (JsonNode stack : list("", root, "stacks")) {
        addStack("/stacks/" + index++, stack, ids);
      }
      managesTokens = root.has("tokens");
      Set<String> names = new HashSet<>();
      index = 0;
      for (JsonNode token : list("", root, "tokens")) {
        TokenSetup.parse(this, "/tokens/" + index++, token, names).ifPresent(tokens::add);
      }
    }
  }

  private void addStack(String at, JsonNode fields, Set<String> ids) {
    if (!requireObject(at, fields, STACK)) {
      return;
    }
    String id = requireText(at, fields, "id");
    if (!ids.add(id)) {
      addProblem(at + "/id: \"" + id + "\" occurs twice");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", fields.path("name").asText(id));
    body.put("description", fields.path("description").asText(""));
    list(at, fields, "labels").forEach(body.putArray("labels")::add);
    body.put("url", text(fields, "url"));
    body.put("repository", text(fields, "repository"));
    validate(at, body, reader -> StackRoutes.parse(reader, new StackId(ANY_ACCOUNT, id)));
    List<WebhookSetup> webhooks = new ArrayList<>(common);
    Set<String> endpoints = new HashSet<>();
    common.forEach(webhook -> endpoints.add(webhook.endpoint()));
    parseWebhooks(at, fields, "webhooks", WebhookSetup.FIELDS, webhooks, endpoints);
    stacks.add(new StackSetup(id, body, List.copyOf(webhooks)));
  }

  private void parseWebhooks(
      String at,
      JsonNode parent,
      String name,
      Set<String> known,
      List<WebhookSetup> webhooks,
      Set<String> endpoints) {
    int index = 0;
    for (JsonNode webhook : list(at, parent, name)) {
      WebhookSetup.parse(this, at + "/" + name + "/" + index++, webhook, known, endpoints)
          .ifPresent(webhooks::add);
    }
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

  @Nullable String duration(String at, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    try {
      return Durations.parse(value.asText()).toString();
    } catch (IllegalArgumentException e) {
      addProblem(at + " " + e.getMessage());
      return null;
    }
  }

  /// Reads a secret from the environment or a file. It cannot be in this file, which belongs into
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
