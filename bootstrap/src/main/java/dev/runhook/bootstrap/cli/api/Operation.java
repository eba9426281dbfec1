package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.bootstrap.cli.command.SecretOption;
import dev.runhook.domain.text.Durations;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/// A command that calls one operation of the API, as `commands.yaml` describes it.
final class Operation implements Callable<Integer> {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)(?:\\|([^}]*))?}");

  /// What the user passes.
  private record Argument(JsonNode description, ArgSpec spec) {
    String field() {
      return description.path("field").asText();
    }

    boolean isIn(String place) {
      return description.path("in").asText().equals(place);
    }

    String type() {
      return description.path("type").asText();
    }

    String option() {
      return description.path("option").asText();
    }
  }

  private final ApiCommand group;
  private final ToIntFunction<Operation> runner;
  private final JsonNode description;
  private final List<Argument> arguments = new ArrayList<>();
  private final SettingOptions settings = new SettingOptions();
  private final ApiCommand.Limit limit = new ApiCommand.Limit();
  private final OptionSpec confirmation =
      OptionSpec.builder("--yes").type(boolean.class).description("Confirms the deletion.").build();
  private final CommandSpec spec;

  /// @param runner runs the command when it was parsed, and returns its exit code
  Operation(ApiCommand group, ToIntFunction<Operation> runner, String name, JsonNode description) {
    this.group = group;
    this.runner = runner;
    this.description = description;
    this.spec = CommandSpec.wrapWithoutInspection(this).name(name);
    spec.usageMessage().description(text("help"));
    if (has("footer")) {
      spec.usageMessage().footer(text("footer"));
    }
    for (JsonNode each : description.path("arguments")) {
      Argument argument = new Argument(each, argument(each));
      arguments.add(argument);
      spec.add(argument.spec());
    }
    if (has("settings")) {
      settings.addTo(spec);
    }
    if (has("columns")) {
      spec.addMixin("limit", CommandSpec.forAnnotatedObject(limit));
    }
    if (has("confirm")) {
      spec.addOption(confirmation);
    }
  }

  private static ArgSpec argument(JsonNode description) {
    String help = description.path("help").asText();
    String label = description.path("label").asText();
    if (description.path("option").isNull()) {
      return PositionalParamSpec.builder()
          .required(true)
          .paramLabel(label)
          .description(help)
          .build();
    }
    OptionSpec.Builder builder =
        OptionSpec.builder(description.path("option").asText()).description(help);
    if (!description.path("label").isNull()) {
      builder.paramLabel(label);
    }
    switch (description.path("type").asText()) {
      case "flag" -> builder.type(boolean.class);
      case "integer" -> builder.type(Integer.class);
      case "file" -> builder.type(Path.class);
      case "texts" -> builder.type(List.class).auxiliaryTypes(String.class);
      case "items" -> builder.type(List.class).auxiliaryTypes(String.class).splitRegex(",");
      case "choice" -> {
        List<String> values =
            description.path("values").valueStream().map(JsonNode::asText).toList();
        builder.type(String.class).completionCandidates(values).converters(choice(values));
      }
      default -> builder.type(String.class);
    }
    return builder.build();
  }

  private static ITypeConverter<String> choice(List<String> values) {
    return text ->
        values.stream()
            .filter(text::equalsIgnoreCase)
            .findFirst()
            .orElseThrow(() ->
                new TypeConversionException(
                    "expected one of %s (case-insensitive) but was '%s'".formatted(values, text)));
  }

  String name() {
    return spec.name();
  }

  CommandSpec spec() {
    return spec;
  }

  private boolean has(String key) {
    return description.has(key);
  }

  private String text(String key) {
    return description.path(key).asText();
  }

  @Override
  public Integer call() {
    return runner.applyAsInt(this);
  }

  /// Returns the value of an option, or null.
  @Nullable Integer integer(String option) {
    return spec.findOption(option).getValue();
  }

  JsonNode send() {
    Object confirmed = confirmation.getValue();
    if (has("confirm") && !Boolean.TRUE.equals(confirmed)) {
      throw group.usageError(
          "this deletes "
              + expand(text("confirm"), ApiCommand.object())
              + " permanently; confirm with --yes");
    }
    JsonNode body = body();
    return group.send(text("method"), path(), body);
  }

  private @Nullable JsonNode body() {
    if (!(has("body")
        || has("settings")
        || arguments.stream().anyMatch(each -> each.isIn("body")))) {
      return null;
    }
    ObjectNode body = has("body") ? description.path("body").deepCopy() : ApiCommand.object();
    arguments.stream().filter(each -> each.isIn("body")).forEach(each -> addTo(body, each));
    if (has("settings")) {
      settings.addTo(body, group);
    }
    if (body.isEmpty() && text("method").equals("PATCH")) {
      throw group.usageError("nothing to change; set an option");
    }
    List<String> required =
        description.path("requires").valueStream().map(JsonNode::asText).toList();
    if (!required.isEmpty()
        && required.stream().allMatch(each -> spec.findOption(each).getValue() == null)) {
      throw group.usageError("set " + String.join(" or ", required));
    }
    return body;
  }

  private void addTo(ObjectNode body, Argument argument) {
    Object value = value(argument);
    if (value == null) {
      return;
    }
    String field = argument.field();
    int name = field.lastIndexOf('/');
    ObjectNode object = name < 0 ? body : body.withObject("/" + field.substring(0, name));
    if (argument.type().equals("flag") && object.has(field)) {
      throw group.usageError(
          arguments.stream()
              .filter(each -> each.field().startsWith(field + "/"))
              .map(Argument::option)
              .collect(Collectors.joining(" and ", argument.option() + " excludes ", "")));
    }
    String word = description.path("words").path(value.toString()).asText();
    if (word.isEmpty()) {
      object.set(field.substring(name + 1), json(argument, value));
    } else {
      object.put(word, true);
    }
  }

  /// Returns null if the user has passed none and there is no default.
  private @Nullable Object value(Argument argument) {
    Object value = argument.spec().getValue();
    if (argument.type().equals("flag")) {
      return Boolean.TRUE.equals(value) ? value : null;
    }
    JsonNode defaultValue = description.path("defaults").path(argument.field());
    return value != null || defaultValue.isMissingNode()
        ? value
        : expand(defaultValue.asText(), ApiCommand.object());
  }

  private JsonNode json(Argument argument, Object value) {
    String text = value.toString();
    return switch (argument.type()) {
      case "flag" -> argument.description().path("value");
      case "integer" -> IntNode.valueOf((Integer) value);
      case "file" -> TextNode.valueOf(SecretOption.ofFile((Path) value).secret(group));
      case "texts", "items" -> {
        ArrayNode items = ApiCommand.object().arrayNode();
        ((List<?>) value).forEach(each -> items.add(each.toString()));
        yield items;
      }
      case "time" -> TextNode.valueOf(time(argument.option(), text));
      case "duration" ->
          TextNode.valueOf(
              group.parse(argument.option() + " ", () -> Durations.parse(text)).toString());
      default -> TextNode.valueOf(text);
    };
  }

  /// A duration is the time before now.
  private String time(String option, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeParseException _) {
      return group.parse(option + " ", () -> Instant.now().minus(Durations.parse(text))).toString();
    }
  }

  /// Returns the path with the query.
  ApiPath path() {
    ApiPath path =
        ApiPath.of(
            Stream.of(text("path").substring(1).split("/", -1))
                .map(each -> each.startsWith("{") ? segment(each) : each)
                .toArray(String[]::new));
    for (Argument each : arguments) {
      Object value = value(each);
      if (each.isIn("query") && value != null) {
        boolean flag = each.type().equals("flag");
        path = path.with(each.field(), flag ? each.description().path("value").asText() : value);
      }
    }
    return path;
  }

  /// Returns a parameter of the path. The stack of a webhook need not be passed.
  private String segment(String parameter) {
    String value = expand(parameter, ApiCommand.object());
    return value.isEmpty()
        ? group
            .get(ApiPath.of("webhooks", expand("{webhook}", ApiCommand.object())))
            .path("stack")
            .asText()
        : value;
  }

  boolean isList() {
    return has("columns");
  }

  int printList() {
    return group.printList(path(), limit, Column.of(text("columns")));
  }

  int print(JsonNode response) {
    if (!has("prints")) {
      return printDetails(response);
    }
    if (response instanceof ObjectNode fields && !text("method").equals("GET")) {
      fields.remove(List.of("secret", "standardSecret")); // the command `secret` prints it
    }
    if (has("note")) {
      group.err().println("runhook: " + expand(text("note"), response));
    }
    response.path("warnings").forEach(each -> group.err().println("runhook: " + each.asText()));
    int variant = response.path("dryRun").asBoolean() ? 1 : 0;
    return group.printChange(
        response, expand(description.path("prints").path(variant).asText(), response));
  }

  private int printDetails(JsonNode resource) {
    Map<String, List<Column>> lists = new TreeMap<>();
    description
        .path("details")
        .properties()
        .forEach(each -> lists.put(each.getKey(), Column.of(each.getValue().asText())));
    return group.printDetails(resource, lists);
  }

  /// Replaces the placeholders by arguments and fields of the response. The items of a list are on
  /// lines of their own.
  private String expand(String template, JsonNode response) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            found -> Matcher.quoteReplacement(expand(found.group(1), found.group(2), response)));
  }

  private String expand(String name, @Nullable String none, JsonNode response) {
    JsonNode field = response.path(name);
    if (field.isArray()) {
      return field.valueStream().map(each -> "\n  " + each.asText()).collect(Collectors.joining());
    }
    return arguments.stream()
        .filter(each -> each.field().equals(name))
        .flatMap(each -> Stream.ofNullable(each.spec().<@Nullable Object>getValue()))
        .findFirst()
        .map(Object::toString)
        .orElseGet(() -> field.asText(none == null ? "" : none));
  }
}
