package dev.runhook.systemtests.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of the repository.
///
/// @param name the path from the root, such as `docs/api.md`
record MarkdownDocument(String name, List<String> lines) {
  private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
  private static final Pattern COMMENT = Pattern.compile("<!-- (.*) -->");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  MarkdownDocument {
    lines = List.copyOf(lines);
  }

  /// All documents for users and contributors: in `docs`, in the examples, next to files that users
  /// copy, and of libraries.
  static List<MarkdownDocument> all() {
    Path root = root();
    List<Path> folders =
        Stream.of("docs", "examples", "deploy", "integrations").map(root::resolve).toList();
    List<Path> libraries = Stream.of("", "client", "receiver", "web").map(root::resolve).toList();
    try {
      List<Path> files = new ArrayList<>();
      for (Path folder : folders) {
        try (Stream<Path> all = Files.walk(folder)) {
          all.forEach(files::add);
        }
      }
      for (Path library : libraries) {
        try (Stream<Path> all = Files.list(library)) {
          all.forEach(files::add);
        }
      }
      return files.stream()
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .map(MarkdownDocument::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MarkdownDocument at(Path file) {
    return read(file);
  }

  Path file() {
    return root().resolve(name);
  }

  static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  private static MarkdownDocument read(Path file) {
    try {
      return new MarkdownDocument(root().relativize(file).toString(), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<CodeBlock> blocks() {
    List<CodeBlock> blocks = new ArrayList<>();
    for (int begin = 0; begin < lines.size(); begin++) {
      Matcher fence = FENCE.matcher(lines.get(begin));
      if (fence.matches()) {
        int end = endOf(begin);
        blocks.add(
            new CodeBlock(
                name + ":" + (begin + 1),
                fence.group(1),
                String.join("\n", lines.subList(begin + 1, end)),
                directiveAbove(begin)));
        begin = end;
      }
    }
    return blocks;
  }

  private int endOf(int begin) {
    for (int end = begin + 1; end < lines.size(); end++) {
      if (lines.get(end).strip().equals("```")) {
        return end;
      }
    }
    throw new IllegalStateException(name + ":" + (begin + 1) + " starts a block without an end");
  }

  private String directiveAbove(int fence) {
    for (int above = fence - 1; above >= 0; above--) {
      Matcher comment = COMMENT.matcher(lines.get(above).strip());
      if (comment.matches()) {
        return comment.group(1);
      }
      if (!lines.get(above).isBlank()) {
        return "";
      }
    }
    return "";
  }

  /// The lines between two markers.
  List<String> linesBetween(String start, String end) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith(start))
        .takeWhile(line -> !line.startsWith(end))
        .toList();
  }

  /// The targets of the links to files of the repository.
  List<String> links() {
    return prose().stream()
        .flatMap(line -> LINK.matcher(line).results())
        .map(match -> match.group(1))
        .filter(target -> !target.matches("(https?|mailto):.*"))
        .toList();
  }

  /// The anchors of the headings.
  List<String> anchors() {
    return prose().stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").strip())
        .map(heading -> heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1"))
        .map(heading ->
            heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .toList();
  }

  /// The lines outside of code blocks.
  private List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean inBlock = false;
    for (String line : lines) {
      if (FENCE.matcher(line).matches()) {
        inBlock = !inBlock;
      } else if (!inBlock) {
        prose.add(line);
      }
    }
    return prose;
  }
}
