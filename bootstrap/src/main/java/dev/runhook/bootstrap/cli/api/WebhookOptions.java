package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.command.CliCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the user can set when creating or editing a webhook.
final class WebhookOptions {
  private static final String ALL = "all";
  private static final String DEFAULT = "default";

  @Option(names = "--name", paramLabel = "NAME", description = "The name of the webhook.")
  private @Nullable String name;

  @Option(
      names = "--states",
      split = ",",
      paramLabel = "STATE",
      description = "Only these run states, separated by commas, or all.")
  private @Nullable List<String> states;

  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      description = "Only these run types, separated by commas, or all.")
  private @Nullable List<String> types;

  @Option(
      names = "--drift-detection",
      paramLabel = "WHICH",
      description = "true: only drift detection; false: no drift detection; all: both.")
  private @Nullable String driftDetection;

  @Option(
      names = "--previous-states",
      split = ",",
      paramLabel = "STATE",
      description = "Only runs that come from these states, separated by commas, or all.")
  private @Nullable List<String> previousStates;

  @Option(
      names = "--branches",
      split = ",",
      paramLabel = "PATTERN",
      description = "Only these branches, such as 'main,release/*,!release/old', or all.")
  private @Nullable List<String> branches;

  @Option(
      names = "--delta",
      paramLabel = "WHICH",
      description = "true: only runs that change resources; false: only the others; all: both.")
  private @Nullable String delta;

  @Option(
      names = "--stack-labels",
      split = ",",
      paramLabel = "LABEL",
      description = "Only while the stack has all of these labels, separated by commas, or all.")
  private @Nullable List<String> stackLabels;

  @Option(
      names = "--events",
      split = ",",
      paramLabel = "EVENT",
      description =
          "These events, such as 'webhook_paused,webhook_resumed', or default for state changes.")
  private @Nullable List<String> events;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "The format of the body: runhook, cloudevents, slack, msteams, pagerduty or template.")
  private @Nullable String format;

  @Option(
      names = "--template-file",
      paramLabel = "FILE",
      description = "A file with a Mustache template, for the format template.")
  private @Nullable Path template;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "The timeout of an attempt, such as 5s, or default for the server's.")
  private @Nullable String timeout;

  @Option(
      names = "--retry-schedule",
      split = ",",
      paramLabel = "TIME",
      description = "Delays after failed attempts, such as 10s,1m,10m, or default.")
  private @Nullable List<String> retrySchedule;

  @Option(
      names = "--headers-file",
      paramLabel = "FILE",
      description = "A file with the custom headers, one \"Name: value\" per line.")
  private @Nullable Path headers;

  void addTo(ObjectNode body, CliCommand command) {
    if (name != null) {
      body.put("name", name);
    }
    addNames(body, "states", states);
    addNames(body, "types", types);
    if (driftDetection != null) {
      body.set("driftDetection", flag("--drift-detection", driftDetection, command));
    }
    addNames(body, "previousStates", previousStates);
    addTexts(body, "branches", branches);
    if (delta != null) {
      body.set("delta", flag("--delta", delta, command));
    }
    addTexts(body, "stackLabels", stackLabels);
    addTextsOrDefault(body, "events", events);
    if (format != null) {
      body.put("format", format);
    }
    if (template != null) {
      body.put("format", "template").put("template", read("--template-file", template, command));
    }
    if (timeout != null) {
      body.put("timeout", timeout.equals(DEFAULT) ? null : timeout);
    }
    addTextsOrDefault(body, "retrySchedule", retrySchedule);
    if (headers != null) {
      addHeaders(body.putObject("headers"), headers, command);
    }
  }

  private static void addNames(ObjectNode body, String field, @Nullable List<String> names) {
    addTexts(
        body,
        field,
        names == null ? null : names.stream().map(each -> each.toUpperCase(Locale.ROOT)).toList());
  }

  private static void addTexts(ObjectNode body, String field, @Nullable List<String> texts) {
    if (texts != null) {
      ArrayNode array = body.putArray(field);
      texts.stream().filter(each -> !each.equalsIgnoreCase(ALL)).forEach(array::add);
    }
  }

  private static void addTextsOrDefault(
      ObjectNode body, String field, @Nullable List<String> texts) {
    if (texts != null && texts.equals(List.of(DEFAULT))) {
      body.putNull(field);
    } else if (texts != null) {
      texts.forEach(body.putArray(field)::add);
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

  private static String read(String option, Path file, CliCommand command) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      throw command.usageError(option + " cannot be read: " + file);
    }
  }

  private static void addHeaders(ObjectNode json, Path file, CliCommand command) {
    for (String line : read("--headers-file", file, command).lines().toList()) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2) {
        json.put(parts[0].strip(), parts[1].strip());
      } else if (!line.isBlank()) {
        throw command.usageError("--headers-file has a line that is not \"Name: value\"");
      }
    }
  }
}
