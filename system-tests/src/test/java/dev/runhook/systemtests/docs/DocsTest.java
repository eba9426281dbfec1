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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every block of every document has a fate: it is run, compiled, parsed, or says why not.
///
/// Code is quoted from what is compiled and tested. JSON, YAML and properties are parsed. Commands
/// are run by [DocsIT] where they are marked `run`; else their syntax is checked, and `./runhook …`
/// against the options that it has. Blocks of no language are pictures and outputs. Whatever else
/// there is needs a mark above it: `<!-- not run: reason -->`, or `<!-- tested by SomeTest -->`. A
/// document with a test of its own (`receiving.md`, `ReceivingDocIT`) may hold other languages too.
class DocsTest {
  private static final QuotedSources JAVA = QuotedSources.fromFilesEndingIn(".java");
  private static final QuotedSources POMS = QuotedSources.fromFilesEndingIn("pom.xml");
  private static final Set<String> HARMLESS = Set.of("export", "cd", "echo");

  @ParameterizedTest
  @MethodSource("blocks")
  void a_block_has_a_fate(CodeBlock codeBlock) throws Exception {
    if (codeBlock.skipReason().isPresent()) {
      return;
    }
    if (codeBlock.testedBy().isPresent()) {
      assertThat(isTest(codeBlock.testedBy().get()))
          .as("%s names a test: %s", codeBlock.location(), codeBlock.directive())
          .isTrue();
      return;
    }
    switch (codeBlock.language()) {
      case "java" -> checkQuoted(codeBlock, JAVA, "a Java file");
      case "xml" -> checkQuoted(codeBlock, POMS, "a pom.xml");
      case "json" -> parse(codeBlock, new ObjectMapper());
      case "yaml" -> parse(codeBlock, new YAMLMapper());
      case "properties" -> new Properties().load(new StringReader(codeBlock.text()));
      case "sh" -> checkCommands(codeBlock);
      case "", "text" -> checkLooksLikeNoCommand(codeBlock);
      default -> {
        if (!hasTestOfItsOwn(codeBlock)) {
          fail(
              "%s: nothing tests a block of %s; say `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
              codeBlock.location(), codeBlock.language());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_lead_somewhere(MarkdownDocument markdownDocument) {
    for (String link : markdownDocument.links()) {
      String[] parts = link.split("#", 2);
      Path target = markdownDocument.file();
      if (!parts[0].isEmpty()) {
        target = target.resolveSibling(parts[0]).normalize();
      }
      assertThat(target).as("%s links to %s", markdownDocument.name(), link).exists();
      if (parts.length == 2 && target.toString().endsWith(".md")) {
        assertThat(MarkdownDocument.at(target).anchors())
            .as("%s links to %s", markdownDocument.name(), link)
            .contains(parts[1]);
      }
    }
  }

  @Test
  void every_decision_is_in_the_list_of_decisions() throws IOException {
    Path decisions = MarkdownDocument.root().resolve("docs/adr");
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
  @MethodSource("planted")
  void a_block_without_a_fate_is_found(CodeBlock codeBlock) {
    assertThatThrownBy(() -> a_block_has_a_fate(codeBlock))
        .hasMessageContaining("docs/planted.md:1");
  }

  static List<CodeBlock> planted() {
    return List.of(
        new CodeBlock("docs/planted.md:1", "java", "RunJournal journal = nobody.wroteThis();", ""),
        new CodeBlock("docs/planted.md:1", "xml", "<dependency>of nobody</dependency>", ""),
        new CodeBlock("docs/planted.md:1", "json", "{\"state\": FINISHED}", ""),
        new CodeBlock("docs/planted.md:1", "json", "{} {}", ""),
        new CodeBlock("docs/planted.md:1", "yaml", "a: b: c", ""),
        new CodeBlock("docs/planted.md:1", "sh", "for i in 1 2 3", ""),
        new CodeBlock("docs/planted.md:1", "sh", "rm -rf data", ""),
        new CodeBlock("docs/planted.md:1", "sh", "./runhook serve --prot 8080", ""),
        new CodeBlock("docs/planted.md:1", "sh", "X=1 ./runhook fly # to the moon", ""),
        new CodeBlock("docs/planted.md:1", "sh", "mvn verify -pl nowhere", ""),
        new CodeBlock("docs/planted.md:1", "sh", "bootstrap/no-such-script", ""),
        new CodeBlock("docs/planted.md:1", "", "$ ./runhook demo --twice", ""),
        new CodeBlock("docs/planted.md:1", "", "curl http://127.0.0.1:8080/health/live", ""),
        new CodeBlock("docs/planted.md:1", "cobol", "DISPLAY 'HELLO'.", ""),
        new CodeBlock("docs/planted.md:1", "cobol", "DISPLAY 'HELLO'.", "not run: no"),
        new CodeBlock("docs/planted.md:1", "sh", "rm -rf data", "tested by NoSuchTest"));
  }

  static List<MarkdownDocument> documents() {
    List<MarkdownDocument> all = MarkdownDocument.all();
    assertThat(all).extracting(MarkdownDocument::name).contains("README.md", "docs/api.md");
    return all;
  }

  static List<CodeBlock> blocks() {
    return documents().stream()
        .flatMap(markdownDocument -> markdownDocument.blocks().stream())
        .toList();
  }

  private static void checkQuoted(CodeBlock codeBlock, QuotedSources sources, String what)
      throws IOException {
    if (!hasTestOfItsOwn(codeBlock)) {
      assertThat(sources.contain(codeBlock.text()))
          .as("%s is quoted, line for line, from %s of this build", codeBlock.location(), what)
          .isTrue();
    }
  }

  private static void parse(CodeBlock codeBlock, ObjectMapper mapper) {
    assertThatNoException()
        .as(codeBlock.location())
        .isThrownBy(() ->
            mapper
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(codeBlock.text()));
  }

  private static void checkCommands(CodeBlock codeBlock) throws IOException, InterruptedException {
    checkSyntax(codeBlock);
    if (codeBlock.isExecuted() || hasTestOfItsOwn(codeBlock)) {
      return;
    }
    for (List<String> command : ShellCommands.parse(codeBlock.text())) {
      String program = command.getFirst();
      if (program.equals("./runhook")) {
        checkRunhook(codeBlock, command);
      } else if (program.equals("mvn") || program.equals("./mvnw")) {
        checkModules(codeBlock, command);
      } else {
        assertThat(HARMLESS.contains(program) || isOurs(program))
            .as(
                "%s: nothing runs `%s`; say `<!-- run -->`, `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
                codeBlock.location(), program)
            .isTrue();
      }
    }
  }

  private static void checkRunhook(CodeBlock codeBlock, List<String> command) {
    assertThat(CommandLineSyntax.findProblem(command.subList(1, command.size())))
        .as("%s: %s", codeBlock.location(), command)
        .isEmpty();
  }

  private static void checkModules(CodeBlock codeBlock, List<String> command) {
    int modules = command.indexOf("-pl");
    if (modules >= 0) {
      assertThat(command.get(modules + 1).split(",", -1))
          .as("%s: modules", codeBlock.location())
          .allSatisfy(module -> assertThat(MarkdownDocument.root().resolve(module)).isDirectory());
    }
  }

  private static boolean isOurs(String program) {
    return program.contains("/") && Files.isExecutable(MarkdownDocument.root().resolve(program));
  }

  private static void checkSyntax(CodeBlock codeBlock) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-n", "-c", codeBlock.text()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as("%s: %s", codeBlock.location(), said).isZero();
  }

  /// A command that hides in a block without a language is held to the same.
  private static void checkLooksLikeNoCommand(CodeBlock codeBlock) {
    for (String line : codeBlock.text().split("\n", -1)) {
      if (line.matches("(\\$ )?([A-Z_]+=\\S+ )*\\./runhook .*")) {
        for (List<String> command : ShellCommands.parse(line)) {
          if (command.getFirst().equals("./runhook")) {
            checkRunhook(codeBlock, command);
          }
        }
      } else {
        assertThat(line)
            .as("%s looks like a command; give the block its language, sh", codeBlock.location())
            .doesNotMatch(
                "(\\$ )?(mvn|\\./mvnw|curl|docker|kubectl|psql|bootstrap/\\S+|\\.ci/\\S+)( .*)?");
      }
    }
  }

  private static boolean hasTestOfItsOwn(CodeBlock codeBlock) throws IOException {
    String file = codeBlock.location().replaceFirst("\\.md:.*", "").replaceFirst(".*/", "");
    String name = Character.toUpperCase(file.charAt(0)) + file.substring(1);
    return isTest(name + "DocIT") || isTest(name + "DocTest");
  }

  private static boolean isTest(String name) throws IOException {
    try (Stream<Path> files =
        Files.walk(MarkdownDocument.root().resolve("bootstrap/src/test/java"))) {
      return files.anyMatch(file -> file.endsWith(name + ".java"));
    }
  }
}
