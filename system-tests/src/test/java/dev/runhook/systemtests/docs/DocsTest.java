package dev.runhook.systemtests.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks that each code block of each document is run, compiled or parsed, or states why not.
///
/// Java and XML must be quoted from compiled sources and poms. JSON, YAML and properties are
/// parsed. [DocsIT] runs commands with the directive `run`; for other commands, the shell syntax
/// and the options of `./runhook` are checked. A block without a language is a diagram or output.
/// Any other block needs a directive above it: `<!-- not run: reason -->` or `<!-- tested by
/// SomeTest -->`, with the name of a test class or the path of a script. A document with its own
/// test (`receiving.md`, `ReceivingDocIT`) may contain other languages.
class DocsTest {
  private static final QuotedSources JAVA = QuotedSources.fromFilesEndingIn(".java");
  private static final QuotedSources POMS = QuotedSources.fromFilesEndingIn("pom.xml");
  private static final Pattern PROBLEM_TYPE =
      Pattern.compile("Problem\\.of\\(\\s*\\d{3},\\s*\"([a-z-]+)\"");
  private static final Set<String> HARMLESS_COMMANDS = Set.of("export", "cd", "echo");

  @ParameterizedTest
  @MethodSource("blocks")
  void a_code_block_is_tested(CodeBlock block) throws Exception {
    if (block.skipReason().isPresent()) {
      return;
    }
    if (block.testedBy().isPresent()) {
      String test = block.testedBy().get();
      assertThat(isTest(test) || isScriptOfProject(test))
          .as("%s names a test: %s", block.location(), block.directive())
          .isTrue();
      return;
    }
    switch (block.language()) {
      case "java" -> checkQuoted(block, JAVA, "a Java file");
      case "xml" -> checkQuoted(block, POMS, "a pom.xml");
      case "json" -> parse(block, new ObjectMapper());
      case "yaml" -> parse(block, new YAMLMapper());
      case "properties" -> new Properties().load(new StringReader(block.text()));
      case "sh" -> checkCommands(block);
      case "", "text" -> checkContainsNoCommand(block);
      default -> {
        if (!hasOwnTest(block)) {
          fail(
              "%s: no test covers this block of %s; add `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
              block.location(), block.language());
        }
      }
    }
  }

  @Test
  void the_api_guide_names_every_problem_type() throws IOException {
    String guide = Files.readString(MarkdownDocument.root().resolve("docs/api.md"));
    try (Stream<Path> files =
        Files.walk(MarkdownDocument.root().resolve("adapters-http/src/main/java"))) {
      List<Path> sources = files.filter(Files::isRegularFile).toList();
      assertThat(sources)
          .flatMap(file ->
              PROBLEM_TYPE
                  .matcher(Files.readString(file))
                  .results()
                  .map(match -> match.group(1))
                  .toList())
          .hasSizeGreaterThan(30)
          .allSatisfy(type -> assertThat(guide).contains("`" + type + "`"));
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_link_has_a_target(MarkdownDocument document) {
    for (String link : document.links()) {
      String[] parts = link.split("#", 2);
      Path target = document.file();
      if (!parts[0].isEmpty()) {
        target = target.resolveSibling(parts[0]).normalize();
      }
      assertThat(target).as("%s links to %s", document.name(), link).exists();
      if (parts.length == 2 && target.toString().endsWith(".md")) {
        assertThat(MarkdownDocument.at(target).anchors())
            .as("%s links to %s", document.name(), link)
            .contains(parts[1]);
      }
    }
  }

  /// As `wc -w` counts them. Readers of a longer documentation find less in it.
  @Test
  void the_pages_for_users_are_short() {
    assertThat(
            documents().stream()
                .filter(document -> isForUsers(document.name()))
                .mapToLong(document ->
                    document.lines().stream()
                        .flatMap(line -> Pattern.compile("\\S+").matcher(line).results())
                        .count())
                .sum())
        .as("words of README.md and the pages of docs that are not in docs/internals")
        .isBetween(15_000L, 22_000L);
  }

  private static boolean isForUsers(String name) {
    return name.equals("README.md")
        || (name.startsWith("docs/") && !name.startsWith("docs/internals/"));
  }

  @Test
  void the_list_of_decisions_is_complete() throws IOException {
    Path decisions = MarkdownDocument.root().resolve("docs/internals/adr");
    try (Stream<Path> files = Files.list(decisions)) {
      assertThat(MarkdownDocument.at(decisions.resolve("README.md")).links())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("README.md"))
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("untestedBlocks")
  void an_untested_block_is_detected(CodeBlock block) {
    assertThatThrownBy(() -> a_code_block_is_tested(block))
        .hasMessageContaining("docs/untested.md:1");
  }

  static List<CodeBlock> untestedBlocks() {
    return List.of(
        new CodeBlock("docs/untested.md:1", "java", "RunJournal journal = notInAnySource();", ""),
        new CodeBlock("docs/untested.md:1", "xml", "<dependency>not in a pom</dependency>", ""),
        new CodeBlock("docs/untested.md:1", "json", "{\"state\": FINISHED}", ""),
        new CodeBlock("docs/untested.md:1", "json", "{} {}", ""),
        new CodeBlock("docs/untested.md:1", "yaml", "a: b: c", ""),
        new CodeBlock("docs/untested.md:1", "sh", "for i in 1 2 3", ""),
        new CodeBlock("docs/untested.md:1", "sh", "rm -rf data", ""),
        new CodeBlock("docs/untested.md:1", "sh", "./runhook serve --prot 8080", ""),
        new CodeBlock("docs/untested.md:1", "sh", "X=1 ./runhook unknown # a comment", ""),
        new CodeBlock("docs/untested.md:1", "sh", "mvn verify -pl nowhere", ""),
        new CodeBlock("docs/untested.md:1", "sh", "system-tests/no-such-script", ""),
        new CodeBlock("docs/untested.md:1", "", "$ ./runhook demo --twice", ""),
        new CodeBlock("docs/untested.md:1", "", "curl http://127.0.0.1:8080/health/live", ""),
        new CodeBlock("docs/untested.md:1", "cobol", "DISPLAY 'HELLO'.", ""),
        new CodeBlock("docs/untested.md:1", "cobol", "DISPLAY 'HELLO'.", "not run: no"),
        new CodeBlock("docs/untested.md:1", "sh", "rm -rf data", "tested by NoSuchTest"),
        new CodeBlock("docs/untested.md:1", "sh", "rm -rf data", "tested by .ci/nothing"));
  }

  static List<MarkdownDocument> documents() {
    List<MarkdownDocument> all = MarkdownDocument.all();
    assertThat(all).extracting(MarkdownDocument::name).contains("README.md", "docs/api.md");
    return all;
  }

  static List<CodeBlock> blocks() {
    return documents().stream().flatMap(document -> document.blocks().stream()).toList();
  }

  private static void checkQuoted(CodeBlock block, QuotedSources sources, String kind)
      throws IOException {
    if (!hasOwnTest(block)) {
      assertThat(sources.contain(block.text()))
          .as("%s is a quotation from %s of this project", block.location(), kind)
          .isTrue();
    }
  }

  private static void parse(CodeBlock block, ObjectMapper mapper) {
    assertThatNoException()
        .as(block.location())
        .isThrownBy(() ->
            mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(block.text()));
  }

  private static void checkCommands(CodeBlock block) throws IOException, InterruptedException {
    checkSyntax(block);
    if (block.isExecuted() || hasOwnTest(block)) {
      return;
    }
    for (List<String> command : ShellCommands.parse(block.text())) {
      String program = command.getFirst();
      if (program.equals("./runhook")) {
        checkRunhook(block, command);
      } else if (program.equals("mvn") || program.equals("./mvnw")) {
        checkModules(block, command);
      } else {
        assertThat(HARMLESS_COMMANDS.contains(program) || isScriptOfProject(program))
            .as(
                "%s: no test runs `%s`; add `<!-- run -->`, `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
                block.location(), program)
            .isTrue();
      }
    }
  }

  private static void checkRunhook(CodeBlock block, List<String> command) {
    assertThat(CommandLineSyntax.findProblem(command.subList(1, command.size())))
        .as("%s: %s", block.location(), command)
        .isEmpty();
  }

  private static void checkModules(CodeBlock block, List<String> command) {
    int modules = command.indexOf("-pl");
    if (modules >= 0) {
      assertThat(command.get(modules + 1).split(",", -1))
          .as("%s: modules", block.location())
          .allSatisfy(module -> assertThat(MarkdownDocument.root().resolve(module)).isDirectory());
    }
  }

  private static boolean isScriptOfProject(String program) {
    return program.contains("/") && Files.isExecutable(MarkdownDocument.root().resolve(program));
  }

  private static void checkSyntax(CodeBlock block) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-n", "-c", block.text()).redirectErrorStream(true).start();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as("%s: %s", block.location(), output).isZero();
  }

  /// Checks `./runhook` commands in a block without a language, and rejects all other commands.
  private static void checkContainsNoCommand(CodeBlock block) {
    for (String line : block.text().split("\n", -1)) {
      if (line.matches("(\\$ )?([A-Z_]+=\\S+ )*\\./runhook .*")) {
        for (List<String> command : ShellCommands.parse(line)) {
          if (command.getFirst().equals("./runhook")) {
            checkRunhook(block, command);
          }
        }
      } else {
        assertThat(line)
            .as("%s looks like a command; set the language of the block to sh", block.location())
            .doesNotMatch(
                "(\\$ )?(mvn|\\./mvnw|curl|docker|kubectl|psql|system-tests/\\S+|\\.ci/\\S+)( .*)?");
      }
    }
  }

  private static boolean hasOwnTest(CodeBlock block) throws IOException {
    String file = block.location().replaceFirst("\\.md:.*", "").replaceFirst(".*/", "");
    String name = Character.toUpperCase(file.charAt(0)) + file.substring(1);
    return isTest(name + "DocIT") || isTest(name + "DocTest");
  }

  private static boolean isTest(String name) throws IOException {
    try (Stream<Path> files = Files.walk(MarkdownDocument.root())) {
      return files.anyMatch(
          file -> file.endsWith(name + ".java") && file.toString().contains("/src/test/java/"));
    }
  }
}
