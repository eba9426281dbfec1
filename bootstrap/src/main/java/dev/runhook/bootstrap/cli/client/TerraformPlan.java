package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.text.Printable;
import dev.runhook.domain.text.TextLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a plan does, from the output of `terraform show -json` or `tofu show -json`. The file is
/// read as a stream, so that its size does not matter. No values of attributes are kept, except for
/// the sensitive ones if they are asked for.
///
/// @param delta the numbers of all changes, and of the resources that exist afterwards
/// @param changes as many as a report can have, those that destroy first
/// @param secrets what is marked as sensitive in the plan, if it was asked for; absent if there is
///   too much of it
public record TerraformPlan(Delta delta, ResourceChanges changes, Optional<List<String>> secrets) {
  private static final int MAX_DEPTH = 1_000;

  /// More distinct values cannot be masked in a reasonable time.
  private static final int MAX_SECRETS = 10_000;

  /// Limits the memory. Each resource has a mark for each sensitive attribute, before and after.
  private static final int MAX_MARKS = 100_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  /// The names of values whose marks are beside them.
  private static final Map<String, String> MARKED =
      Map.of(
          "before_sensitive", "before", "after_sensitive", "after", "sensitive_values", "values");

  private static final String SENSITIVE = "sensitive";
  private static final Set<String> VALUES = Set.of("before", "after", "values", "value", "default");
  private static final String VARIABLES = "/configuration/root_module/variables/";

  /// Reads a plan.
  ///
  /// @param withSecrets whether to collect the sensitive values
  /// @throws IOException if the file cannot be read, is no plan, or is nested too deeply; the
  ///   message has nothing of its content
  public static TerraformPlan read(Path file, boolean withSecrets) throws IOException {
    Reader reader = new Reader(withSecrets);
    try {
      reader.readChanges(file);
      if (!reader.marks.isEmpty()) {
        reader.readSecrets(file);
      }
    } catch (StreamConstraintsException ignored) {
      throw new IOException(
          "it is nested deeper than %,d levels, or a number in it is too long"
              .formatted(MAX_DEPTH));
    } catch (JsonProcessingException e) {
      throw new IOException(
          "it is no valid JSON at line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
    return reader.plan();
  }

  /// Returns no secrets, because they must not be logged.
  @Override
  public String toString() {
    return "%s, %d secrets".formatted(delta, secrets.map(List::size).orElse(0));
  }

  private static final class Reader {
    /// The change that is being read.
    private String address = "";

    private String type = "";
    private String mode = "";
    private boolean isDeposed;
    private final Set<String> actions = new HashSet<>();

    private final Map<Action, Long> counts = new EnumMap<>(Action.class);
    private final List<ResourceChange> destroyed = new ArrayList<>();
    private final List<ResourceChange> others = new ArrayList<>();
    private long resources;
    private boolean isPlan;

    private boolean withSecrets;
    private boolean hasTooManySecrets;

    /// What is sensitive at the JSON pointer of a value: true for all of it, or a map from the
    /// names or indexes of its items.
    private final Map<String, Object> marks = new HashMap<>();

    private int markCount;
    private final Set<String> secrets = new HashSet<>();

    Reader(boolean withSecrets) {
      this.withSecrets = withSecrets;
    }

    void readChanges(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file);
          JsonParser parser = JSON.createParser(in)) {
        int depth = 0;
        String section = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token.isStructStart()) {
            depth++;
          } else if (token.isStructEnd()) {
            depth--;
            if (depth == 2 && section.equals("resource_changes")) {
              add();
            }
          } else if (token == JsonToken.FIELD_NAME && depth == 1) {
            section = parser.currentName();
            isPlan |= section.equals("resource_changes") || section.equals("planned_values");
          } else if (token == JsonToken.FIELD_NAME && withSecrets) {
            readMarks(parser);
          } else if (token == JsonToken.VALUE_STRING && section.equals("resource_changes")) {
            readText(parser, depth);
          }
        }
      }
      if (!isPlan) {
        throw new IOException("it is not the output of terraform show -json for a plan");
      }
    }

    /// Reads a text of an item of `resource_changes`, at the depth 3, or of its `change.actions`.
    private void readText(JsonParser parser, int depth) throws IOException {
      if (depth == 3) {
        switch (String.valueOf(parser.currentName())) {
          case "address" -> address = shortened(parser, ResourceChange.MAX_ADDRESS);
          case "type" -> type = shortened(parser, TextLimits.MAX_NAME);
          case "mode" -> mode = parser.getText();
          case "deposed" -> isDeposed = true;
          default -> {}
        }
      } else if (depth == 5
          && "actions".equals(parser.getParsingContext().getParent().getCurrentName())) {
        actions.add(parser.getText());
      }
    }

    private static String shortened(JsonParser parser, int max) throws IOException {
      return TextLimits.shorten(Printable.line(parser.getText()).strip(), max);
    }

    /// Adds the change that was read. Data sources are only read, and have no place in it.
    private void add() {
      boolean isManaged = mode.isEmpty() || mode.equals("managed");
      if (isManaged && !address.isEmpty() && !type.isEmpty()) {
        Action action = action();
        if (!isDeposed && action != Action.DELETE && !actions.equals(Set.of("forget"))) {
          resources++;
        }
        if (action != null) {
          counts.merge(action, 1L, Long::sum);
          List<ResourceChange> list = action.destroys() ? destroyed : others;
          if (list.size() < ResourceChanges.MAX) {
            list.add(new ResourceChange(address, type, action));
          }
        }
      }
      address = "";
      type = "";
      mode = "";
      isDeposed = false;
      actions.clear();
    }

    private @Nullable Action action() {
      boolean isCreated = actions.contains("create");
      if (actions.contains("delete")) {
        return isCreated ? Action.REPLACE : Action.DELETE;
      }
      if (isCreated) {
        return Action.CREATE;
      }
      return actions.contains("update") ? Action.UPDATE : null;
    }

    /// Reads what is marked as sensitive by the field at which the parser is.
    private void readMarks(JsonParser parser) throws IOException {
      String name = parser.currentName();
      String marked = MARKED.get(name);
      if (marked == null && !name.equals(SENSITIVE)) {
        return;
      }
      String pointer = parser.getParsingContext().pathAsPointer().toString();
      String parent = pointer.substring(0, pointer.lastIndexOf('/') + 1);
      parser.nextToken();
      Object mark = readMark(parser);
      if (mark == null) {
        return;
      }
      if (markCount > MAX_MARKS) {
        giveUpSecrets();
        return;
      }
      if (marked != null) {
        marks.put(parent + marked, mark);
      } else {
        marks.put(parent + "value", mark);
        marks.put(parent + "default", mark);
        if (parent.startsWith(VARIABLES)) {
          marks.put("/variables/" + parent.substring(VARIABLES.length()) + "value", mark);
        }
      }
    }

    /// Returns null if nothing is marked.
    private @Nullable Object readMark(JsonParser parser) throws IOException {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.VALUE_TRUE) {
        markCount++;
        return true;
      }
      if (!token.isStructStart()) {
        return null;
      }
      Map<String, Object> items = new HashMap<>();
      for (int i = 0; !parser.nextToken().isStructEnd(); i++) {
        String name = Integer.toString(i);
        if (token == JsonToken.START_OBJECT) {
          name = parser.currentName();
          parser.nextToken();
        }
        Object item = readMark(parser);
        if (item != null) {
          items.put(name, item);
        }
      }
      return items.isEmpty() ? null : items;
    }

    void readSecrets(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file);
          JsonParser parser = JSON.createParser(in)) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token == JsonToken.FIELD_NAME && VALUES.contains(parser.currentName())) {
            Object mark = marks.get(parser.getParsingContext().pathAsPointer().toString());
            if (mark != null) {
              parser.nextToken();
              readSecrets(parser, mark);
              if (secrets.size() > MAX_SECRETS) {
                giveUpSecrets();
                return;
              }
            }
          }
        }
      }
    }

    private void readSecrets(JsonParser parser, Object mark) throws IOException {
      JsonToken token = parser.currentToken();
      if (token.isScalarValue()) {
        if (mark instanceof Boolean && !token.isBoolean() && token != JsonToken.VALUE_NULL) {
          secrets.add(parser.getText());
        }
        return;
      }
      for (int i = 0; !parser.nextToken().isStructEnd(); i++) {
        String name = Integer.toString(i);
        if (token == JsonToken.START_OBJECT) {
          name = parser.currentName();
          parser.nextToken();
        }
        Object item = mark instanceof Map<?, ?> items ? items.get(name) : mark;
        if (item == null) {
          parser.skipChildren();
        } else {
          readSecrets(parser, item);
        }
      }
    }

    private void giveUpSecrets() {
      hasTooManySecrets = true;
      withSecrets = false;
      marks.clear();
      secrets.clear();
    }

    TerraformPlan plan() {
      long replaced = count(Action.REPLACE);
      Delta delta =
          new Delta(
              count(Action.CREATE) + replaced,
              count(Action.UPDATE),
              count(Action.DELETE) + replaced,
              resources);
      long total = counts.values().stream().mapToLong(Long::longValue).sum();
      List<ResourceChange> kept = new ArrayList<>();
      int characters = 0;
      for (ResourceChange change : Stream.concat(destroyed.stream(), others.stream()).toList()) {
        characters += change.address().length() + change.type().length();
        if (kept.size() == ResourceChanges.MAX || characters > ResourceChanges.MAX_CHARACTERS) {
          break;
        }
        kept.add(change);
      }
      return new TerraformPlan(
          delta,
          new ResourceChanges(kept, kept.size() < total),
          hasTooManySecrets ? Optional.empty() : Optional.of(List.copyOf(secrets)));
    }

    private long count(Action action) {
      return counts.getOrDefault(action, 0L);
    }
  }
}
