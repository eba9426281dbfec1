package dev.runhook.bootstrap.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.bootstrap.CommandLineSyntax;
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
  private static final Quotes JAVA = Quotes.fromFilesEndingIn(".java");
  private static final Quotes POMS = Quotes.fromFilesEndingIn("pom.xml");
  private static final Set<String> HARMLESS = Set.of("export", "cd", "echo");

  @ParameterizedTest
  @MethodSource("blocks")
  void a_block_has_a_fate(Block block) throws Exception {
    if (block.whyNotRun().isPresent()) {
      return;
    }
    if (block.tester().isPresent()) {
      assertThat(isTest(block.tester().get()))
          .as("%s names a test: %s", block.where(), block.mark())
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
      case "", "text" -> checkLooksLikeNoCommand(block);
      default -> {
        if (!hasTestOfItsOwn(block)) {
          fail(
              "%s: nothing tests a block of %s; say `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
              block.where(), block.language());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_lead_somewhere(Document document) {
    for (String link : document.links()) {
      String[] parts = link.split("#", 2);
      Path target = document.file();
      if (!parts[0].isEmpty()) {
        target = target.resolveSibling(parts[0]).normalize();
      }
      assertThat(target).as("%s links to %s", document.name(), link).exists();
      if (parts.length == 2 && target.toString().endsWith(".md")) {
        assertThat(Document.at(target).anchors())
            .as("%s links to %s", document.name(), link)
            .contains(parts[1]);
      }
    }
  }

  @Test
  void every_decision_is_in_the_list_of_decisions() throws IOException {
    Path decisions = Document.root().resolve("docs/adr");
    try (Stream<Path> files = Files.list(decisions)) {
      assertThat(Document.at(decisions.resolve("README.md")).links())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("README.md"))
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("planted")
  void a_block_without_a_fate_is_found(Block block) {
    assertThatThrownBy(() -> a_block_has_a_fate(block)).hasMessageContaining("docs/planted.md:1");
  }

  static List<Block> planted() {
    return List.of(
        new Block("docs/planted.md:1", "java", "RunJournal journal = nobody.wroteThis();", ""),
        new Block("docs/planted.md:1", "xml", "<dependency>of nobody</dependency>", ""),
        new Block("docs/planted.md:1", "json", "{\"state\": FINISHED}", ""),
        new Block("docs/planted.md:1", "json", "{} {}", ""),
        new Block("docs/planted.md:1", "yaml", "a: b: c", ""),
        new Block("docs/planted.md:1", "sh", "for i in 1 2 3", ""),
        new Block("docs/planted.md:1", "sh", "rm -rf data", ""),
        new Block("docs/planted.md:1", "sh", "./runhook serve --prot 8080", ""),
        new Block("docs/planted.md:1", "sh", "X=1 ./runhook fly # to the moon", ""),
        new Block("docs/planted.md:1", "sh", "mvn verify -pl nowhere", ""),
        new Block("docs/planted.md:1", "sh", "bootstrap/no-such-script", ""),
        new Block("docs/planted.md:1", "", "$ ./runhook demo --twice", ""),
        new Block("docs/planted.md:1", "", "curl http://127.0.0.1:8080/health/live", ""),
        new Block("docs/planted.md:1", "cobol", "DISPLAY 'HELLO'.", ""),
        new Block("docs/planted.md:1", "cobol", "DISPLAY 'HELLO'.", "not run: no"),
        new Block("docs/planted.md:1", "sh", "rm -rf data", "tested by NoSuchTest"));
  }

  static List<Document> documents() {
    List<Document> all = Document.all();
    assertThat(all).extracting(Document::name).contains("README.md", "docs/api.md");
    return all;
  }

  static List<Block> blocks() {
    return documents().stream().flatMap(document -> document.blocks().stream()).toList();
  }

  private static void checkQuoted(Block block, Quotes sources, String what) throws IOException {
    if (!hasTestOfItsOwn(block)) {
      assertThat(sources.have(block.text()))
          .as("%s is quoted, line for line, from %s of this build", block.where(), what)
          .isTrue();
    }
  }

  private static void parse(Block block, ObjectMapper mapper) {
    assertThatNoException()
        .as(block.where())
        .isThrownBy(() ->
            mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(block.text()));
  }

  private static void checkCommands(Block block) throws IOException, InterruptedException {
    checkSyntax(block);
    if (block.isRun() || hasTestOfItsOwn(block)) {
      return;
    }
    for (List<String> command : ShellCommands.in(block.text())) {
      String program = command.getFirst();
      if (program.equals("./runhook")) {
        checkRunhook(block, command);
      } else if (program.equals("mvn") || program.equals("./mvnw")) {
        checkModules(block, command);
      } else {
        assertThat(HARMLESS.contains(program) || isOurs(program))
            .as(
                "%s: nothing runs `%s`; say `<!-- run -->`, `<!-- not run: reason -->` or `<!-- tested by SomeTest -->` above it",
                block.where(), program)
            .isTrue();
      }
    }
  }

  private static void checkRunhook(Block block, List<String> command) {
    assertThat(CommandLineSyntax.problemOf(command.subList(1, command.size())))
        .as("%s: %s", block.where(), command)
        .isEmpty();
  }

  private static void checkModules(Block block, List<String> command) {
    int modules = command.indexOf("-pl");
    if (modules >= 0) {
      assertThat(command.get(modules + 1).split(",", -1))
          .as("%s: modules", block.where())
          .allSatisfy(module -> assertThat(Document.root().resolve(module)).isDirectory());
    }
  }

  private static boolean isOurs(String program) {
    return program.contains("/") && Files.isExecutable(Document.root().resolve(program));
  }

  private static void checkSyntax(Block block) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-n", "-c", block.text()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as("%s: %s", block.where(), said).isZero();
  }

  /// A command that hides in a block without a language is held to the same.
  private static void checkLooksLikeNoCommand(Block block) {
    for (String line : block.text().split("\n", -1)) {
      if (line.matches("(\\$ )?([A-Z_]+=\\S+ )*\\./runhook .*")) {
        for (List<String> command : ShellCommands.in(line)) {
          if (command.getFirst().equals("./runhook")) {
            checkRunhook(block, command);
          }
        }
      } else {
        assertThat(line)
            .as("%s looks like a command; give the block its language, sh", block.where())
            .doesNotMatch(
                "(\\$ )?(mvn|\\./mvnw|curl|docker|kubectl|psql|bootstrap/\\S+|\\.ci/\\S+)( .*)?");
      }
    }
  }

  private static boolean hasTestOfItsOwn(Block block) throws IOException {
    String file = block.where().replaceFirst("\\.md:.*", "").replaceFirst(".*/", "");
    String name = Character.toUpperCase(file.charAt(0)) + file.substring(1);
    return isTest(name + "DocIT") || isTest(name + "DocTest");
  }

  private static boolean isTest(String name) throws IOException {
    try (Stream<Path> files = Files.walk(Document.root().resolve("bootstrap/src/test/java"))) {
      return files.anyMatch(file -> file.endsWith(name + ".java"));
    }
  }
}
