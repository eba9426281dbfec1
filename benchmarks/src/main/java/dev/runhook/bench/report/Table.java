package dev.runhook.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table for people, which is Markdown as well: the first column to the left, numbers to the
/// right.
public final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(List<String> head) {
    this.head = List.copyOf(head);
  }

  public Table row(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException(
          "a row has " + head.size() + " cells, not " + cells.size());
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  @Override
  public String toString() {
    List<Integer> widths = IntStream.range(0, head.size()).mapToObj(this::width).toList();
    String line =
        IntStream.range(0, head.size())
            .mapToObj(i -> i == 0 ? "-".repeat(widths.get(i)) : "-".repeat(widths.get(i) - 1) + ":")
            .collect(Collectors.joining(" | ", "| ", " |"));
    List<String> lines = new ArrayList<>(List.of(text(head, widths), line));
    rows.forEach(row -> lines.add(text(row, widths)));
    return String.join("\n", lines);
  }

  private int width(int column) {
    int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    return Math.max(2, Math.max(head.get(column).length(), widest));
  }

  private static String text(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> {
          String blank = " ".repeat(widths.get(i) - cells.get(i).length());
          return i == 0 ? cells.get(i) + blank : blank + cells.get(i);
        })
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
