package dev.runhook.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A Markdown table with aligned columns. The first column is left-aligned, the others are
/// right-aligned.
public final class Table {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(List<String> header) {
    this.header = List.copyOf(header);
  }

  public Table row(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(
          "a row must have " + header.size() + " cells, not " + cells.size());
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  @Override
  public String toString() {
    List<Integer> widths = IntStream.range(0, header.size()).mapToObj(this::width).toList();
    String separator =
        IntStream.range(0, header.size())
            .mapToObj(i -> i == 0 ? "-".repeat(widths.get(i)) : "-".repeat(widths.get(i) - 1) + ":")
            .collect(Collectors.joining(" | ", "| ", " |"));
    List<String> lines = new ArrayList<>(List.of(format(header, widths), separator));
    rows.forEach(row -> lines.add(format(row, widths)));
    return String.join("\n", lines);
  }

  private int width(int column) {
    int longest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    return Math.max(2, Math.max(header.get(column).length(), longest));
  }

  private static String format(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> {
          String padding = " ".repeat(widths.get(i) - cells.get(i).length());
          return i == 0 ? cells.get(i) + padding : padding + cells.get(i);
        })
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
