package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/internals/asvs.md` lists each requirement once, adds them up, and names existing code.
class AsvsTest {
  /// The requirements of ASVS 5.0.0 of levels 1 and 2.
  private static final int REQUIREMENTS = 70 + 183;

  private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+\\.\\d+");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+[A-Z][A-Za-z]*)`");
  private static final Set<String> OTHER_NAMES = Set.of("HttpOnly", "SecureRandom");

  private final MarkdownDocument document =
      MarkdownDocument.at(MarkdownDocument.root().resolve("docs/internals/asvs.md"));

  /// Requirements with the same status and explanation.
  private record Row(List<String> requirements, String status) {
    String chapter() {
      return requirements.getFirst().split("\\.", 2)[0];
    }
  }

  @Test
  void each_requirement_is_listed_once() {
    List<String> requirements = rows().flatMap(row -> row.requirements().stream()).toList();

    assertThat(requirements).hasSize(REQUIREMENTS).doesNotHaveDuplicates();
    assertThat(requirements).allMatch(NUMBER.asMatchPredicate());
  }

  @Test
  void the_summary_adds_up() {
    Map<String, List<Integer>> counts = new TreeMap<>();
    rows()
        .forEach(row -> {
          add(counts, row.chapter(), row);
          add(counts, "all", row);
        });

    Map<String, List<Integer>> summary = new TreeMap<>();
    cells(4)
        .filter(cells -> cells.getLast().matches("\\d+"))
        .forEach(cells ->
            summary.put(
                cells.getFirst().replaceFirst("\\[V(\\d+).*", "$1"),
                cells.subList(1, 4).stream().map(Integer::valueOf).toList()));

    assertThat(summary).isEqualTo(counts);
  }

  @Test
  void each_named_class_exists() throws IOException {
    Set<String> sources;
    try (Stream<Path> files = Files.walk(MarkdownDocument.root())) {
      sources =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
    }

    List<String> names =
        document.lines().stream()
            .flatMap(line -> CLASS.matcher(line).results())
            .map(found -> found.group(1))
            .filter(name -> !OTHER_NAMES.contains(name))
            .toList();

    assertThat(names).hasSizeGreaterThan(50).isSubsetOf(sources);
  }

  private static void add(Map<String, List<Integer>> counts, String key, Row row) {
    List<Integer> before = counts.getOrDefault(key, List.of(0, 0, 0));
    int column = List.of("met", "**not met**", "n/a").indexOf(row.status());
    assertThat(column).as(row.toString()).isNotNegative();
    List<Integer> after = new ArrayList<>(before);
    after.set(column, before.get(column) + row.requirements().size());
    counts.put(key, after);
  }

  private Stream<Row> rows() {
    return cells(4)
        .filter(cells -> NUMBER.matcher(cells.getFirst()).lookingAt())
        .map(cells -> new Row(List.of(cells.getFirst().split(", ")), cells.get(2)));
  }

  /// The rows of tables with this number of columns.
  private Stream<List<String>> cells(int columns) {
    return document.lines().stream()
        .filter(line -> line.startsWith("| "))
        .map(line -> List.of(line.substring(2, line.lastIndexOf(" |")).split(" \\| ", -1)))
        .filter(cells -> cells.size() == columns);
  }
}
