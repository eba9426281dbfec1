package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A column of a table of resources.
///
/// @param pointer the field, as a JSON Pointer
/// @param none the cell if the field is null
public record Column(String heading, String pointer, String none) {
  private static final String NONE = "-";

  /// @param columns each a heading, the pointer of its field and the text for null (`-` if it is
  ///   left out), such as `LATEST RUN /latestRun/id none`; separated by commas
  public static List<Column> of(String columns) {
    return Stream.of(columns.strip().split(",\\s+"))
        .map(column -> {
          int pointer = column.indexOf('/');
          String[] rest = column.substring(pointer).split(" ", 2);
          return new Column(
              column.substring(0, pointer - 1), rest[0], rest.length == 1 ? NONE : rest[1]);
        })
        .toList();
  }

  /// Returns the rows of a table, the headings first.
  public static List<List<String>> rows(List<Column> columns, Iterable<JsonNode> items) {
    return Stream.concat(
            Stream.of(columns.stream().map(Column::heading).toList()),
            StreamSupport.stream(items.spliterator(), false).map(item -> row(columns, item)))
        .toList();
  }

  /// Returns the cells of an item.
  public static List<String> row(List<Column> columns, JsonNode item) {
    return columns.stream().map(column -> cell(item.at(column.pointer()), column.none())).toList();
  }

  /// Returns a row with the path and the text of each field, including nested objects. Leaves out
  /// lists of objects.
  public static List<List<String>> fields(JsonNode object) {
    List<List<String>> rows = new ArrayList<>();
    addFields("", object, rows);
    return rows;
  }

  private static void addFields(String prefix, JsonNode object, List<List<String>> rows) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        addFields(name + ".", value, rows);
      } else if (!value.path(0).isObject()) {
        rows.add(List.of(name, cell(value, NONE)));
      }
    }
  }

  /// Returns the text of a value: times without fractions of a second, lists with commas. Escapes
  /// what could add a row or control the terminal.
  private static String cell(JsonNode value, String none) {
    if (value.isArray() && !value.isEmpty()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(item -> cell(item, NONE))
          .collect(Collectors.joining(","));
    }
    if (value.isNull() || value.asText().isEmpty()) {
      return none;
    }
    return Printable.escape(
        value
            .asText()
            .replaceFirst("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$", "$1Z"));
  }
}
