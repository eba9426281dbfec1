package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.domain.setting.SettingType;
import dev.runhook.domain.setting.WebhookSetting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options for the settings of a webhook.
final class SettingOptions {
  private static final String ALL = "all";
  private static final String DEFAULT = "default";
  private static final Set<WebhookSetting<?>> UPPERCASE =
      Set.of(WebhookSetting.STATES, WebhookSetting.TYPES, WebhookSetting.PREVIOUS_STATES);

  /// Texts that may be called `default`.
  private static final Set<WebhookSetting<?>> PLAIN_TEXTS =
      Set.of(WebhookSetting.NAME, WebhookSetting.EXTERNAL_ID);

  private final Map<WebhookSetting<?>, OptionSpec> settings = new LinkedHashMap<>();

  private final OptionSpec headers =
      OptionSpec.builder("--headers-file")
          .type(Path.class)
          .paramLabel("FILE")
          .description("A file with the custom headers, one \"Name: value\" per line.")
          .build();

  /// Adds an option for each setting to a command.
  void addTo(CommandSpec command) {
    WebhookSetting.ALL.forEach(setting -> settings.put(setting, option(setting)));
    settings.values().forEach(command::addOption);
    command.addOption(headers);
  }

  private OptionSpec option(WebhookSetting<?> setting) {
    boolean isFile = setting == WebhookSetting.TEMPLATE;
    return OptionSpec.builder(nameOf(setting))
        .type(String.class)
        .paramLabel(isFile ? "FILE" : "VALUE")
        .description(
            isFile ? "A file with a template, for the format template." : describe(setting))
        .build();
  }

  private static String describe(WebhookSetting<?> setting) {
    return setting.type() instanceof SettingType.Texts<?, ?>
        ? setting.help() + " Separated by commas, or " + resetWord(setting) + "."
        : setting.help();
  }

  /// Returns the word that resets a setting. A filter that lets everything pass has `all`, so that
  /// a branch can be called `default`.
  private static String resetWord(WebhookSetting<?> setting) {
    boolean passesAll =
        setting.type() instanceof SettingType.Flag
            || List.of().equals(WebhookSetting.write(WebhookSetting.DEFAULTS).get(setting.name()));
    return passesAll ? ALL : DEFAULT;
  }

  /// Returns `--drift-detection` for `driftDetection`.
  private static String nameOf(WebhookSetting<?> setting) {
    return setting == WebhookSetting.TEMPLATE
        ? "--template-file"
        : "--" + setting.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /// Adds the settings that the user has passed to the body of a request.
  void addTo(ObjectNode body, CliCommand command) {
    settings.forEach((setting, option) -> {
      String text = option.getValue();
      if (text != null) {
        body.set(setting.name(), json(setting, text, command));
      }
    });
    if (body.has(WebhookSetting.TEMPLATE.name())) {
      body.put("format", "template");
    }
    Path file = headers.getValue();
    if (file != null) {
      addHeaders(body.putObject("headers"), file, command);
    }
  }

  private static JsonNode json(WebhookSetting<?> setting, String text, CliCommand command) {
    if (setting == WebhookSetting.TEMPLATE) {
      return TextNode.valueOf(command.read("--template-file", Path.of(text)));
    }
    return switch (setting.type()) {
      case SettingType.Flag() -> flag(nameOf(setting), text, command);
      case SettingType.Toggle() -> toggle(nameOf(setting), text, command);
      case SettingType.Count ignored -> count(nameOf(setting), text, command);
      case SettingType.Text<?> ignored ->
          text.equals(DEFAULT) && !PLAIN_TEXTS.contains(setting)
              ? NullNode.instance
              : TextNode.valueOf(text);
      case SettingType.Texts<?, ?> ignored ->
          text.equals(resetWord(setting)) ? NullNode.instance : items(setting, text);
    };
  }

  private static ArrayNode items(WebhookSetting<?> setting, String text) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    String named = UPPERCASE.contains(setting) ? text.toUpperCase(Locale.ROOT) : text;
    Stream.of(named.split(","))
        .filter(item -> !item.isEmpty())
        .filter(item -> !(item.equalsIgnoreCase(ALL) && resetWord(setting).equals(ALL)))
        .forEach(items::add);
    return items;
  }

  private static JsonNode toggle(String option, String text, CliCommand command) {
    return switch (text) {
      case "true" -> BooleanNode.TRUE;
      case "false" -> BooleanNode.FALSE;
      default -> throw command.usageError(option + " must be true or false");
    };
  }

  /// Leaves the limits to the server.
  private static JsonNode count(String option, String text, CliCommand command) {
    try {
      return text.equals(DEFAULT) ? NullNode.instance : IntNode.valueOf(Integer.parseInt(text));
    } catch (NumberFormatException ignored) {
      throw command.usageError(option + " must be an integer or default");
    }
  }

  private static JsonNode flag(String option, String text, CliCommand command) {
    return switch (text) {
      case "true" -> BooleanNode.TRUE;
      case "false" -> BooleanNode.FALSE;
      case ALL -> NullNode.instance;
      default -> throw command.usageError(option + " must be true, false or all");
    };
  }

  private static void addHeaders(ObjectNode json, Path file, CliCommand command) {
    for (String line : command.read("--headers-file", file).lines().toList()) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2) {
        json.put(parts[0].strip(), parts[1].strip());
      } else if (!line.isBlank()) {
        throw command.usageError("--headers-file has a line that is not \"Name: value\"");
      }
    }
  }
}
