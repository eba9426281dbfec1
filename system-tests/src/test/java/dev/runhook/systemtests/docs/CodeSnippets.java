package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The code snippets for receivers and the programs that run them.
///
/// @param folder the directory in which the snippets are written and run
record CodeSnippets(Path folder) {
  private static final List<Path> DOCUMENTS =
      List.of(Path.of("..", "examples", "signatures.md"), Path.of("..", "docs", "receiving.md"));

  /// A language and the code that calls a snippet in it. That code gets the secret, a file with the
  /// body, the id, the time and the signatures as arguments, and prints true or false.
  enum Language {
    JAVA(
        "java",
        "Signature.java",
        "Caller.java",
        """
        class Caller {
          public static void main(String[] a) throws Exception {
            System.out.print(Signature.verifies(a[0], java.nio.file.Files.readAllBytes(java.nio.file.Path.of(a[1])), a[2], a[3], a[4]));
          }
        }
        """,
        jdkProgram("java"),
        "Caller"),
    NODE(
        "js",
        "caller.js",
        "",
        """
        const [secret, file, ...headers] = process.argv.slice(2);
        process.stdout.write(String(verifies(secret, require('node:fs').readFileSync(file), ...headers)));
        """,
        "node",
        "caller.js"),
    PYTHON(
        "python",
        "caller.py",
        "",
        """
        import sys
        secret, file, *headers = sys.argv[1:]
        sys.stdout.write(str(verifies(secret, open(file, "rb").read(), *headers)).lower())
        """,
        "python3",
        "caller.py"),
    GO(
        "go",
        "verifies.go",
        "caller.go",
        """
        package main
        import ("fmt"; "os")
        func main() {
          body, _ := os.ReadFile(os.Args[2])
          fmt.Print(verifies(os.Args[1], body, os.Args[3], os.Args[4], os.Args[5]))
        }
        """,
        "go",
        "run",
        "verifies.go",
        "caller.go"),
    RUBY(
        "ruby",
        "caller.rb",
        "",
        """
        print verifies?(ARGV[0], File.binread(ARGV[1]), *ARGV[2..])
        """,
        "ruby",
        "caller.rb"),
    PHP(
        "php",
        "caller.php",
        "",
        """
        echo json_encode(verifies($argv[1], file_get_contents($argv[2]), ...array_slice($argv, 3)));
        """,
        "php",
        "caller.php"),
    SHELL(
        "sh",
        "caller.sh",
        "",
        """
        if verifies "$@"; then printf true; else printf false; fi
        """,
        "sh",
        "caller.sh");

    private final String fence;
    private final String file;
    private final String callerFile;
    private final String caller;

    @SuppressWarnings("ImmutableEnumChecker") // the list is an immutable copy
    private final List<String> command;

    Language(String fence, String file, String callerFile, String caller, String... command) {
      this.fence = fence;
      this.file = file;
      this.callerFile = callerFile;
      this.caller = caller;
      this.command = List.of(command);
    }
  }

  private static String jdkProgram(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /// Finds the first snippet in the language that contains the text.
  static String findCode(String fence, String text) throws IOException {
    for (Path document : DOCUMENTS) {
      Matcher code =
          Pattern.compile("(?s)```" + fence + "\n(.*?)```").matcher(Files.readString(document));
      while (code.find()) {
        if (code.group(1).contains(text)) {
          return code.group(1);
        }
      }
    }
    return fail("no " + fence + " snippet contains \"" + text + "\"");
  }

  /// Runs the snippet and returns whether it accepts the values of the headers `webhook-…`. Skips
  /// the test if the language is not installed.
  boolean runVerification(
      Language language, String secret, byte[] body, String id, String timestamp, String signatures)
      throws IOException, InterruptedException {
    String code = findCode(language.fence, "verifies");
    boolean isSeparate = !language.callerFile.isEmpty();
    Files.writeString(
        folder.resolve(language.file), isSeparate ? code : code + "\n" + language.caller);
    if (isSeparate) {
      Files.writeString(folder.resolve(language.callerFile), language.caller);
    }
    if (language == Language.JAVA && !Files.exists(folder.resolve("Caller.class"))) {
      run(List.of(jdkProgram("javac"), language.file, language.callerFile));
    }
    Path file = Files.write(folder.resolve("body"), body);
    String output = run(language.command, secret, file.toString(), id, timestamp, signatures);
    assertThat(output).isIn("true", "false");
    return output.equals("true");
  }

  /// Runs a program in the directory and returns its output.
  String run(List<String> program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Process process = start(builder);
    boolean ended = process.waitFor(400, TimeUnit.SECONDS);
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(ended).as(printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  /// Installs packages with npm in the directory. Skips the test without npm or its registry.
  void installNpmPackages(String... packages) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "npm",
                "install",
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                "."));
    command.addAll(List.of(packages));
    Process npm =
        start(
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile()));
    boolean installed = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
    npm.destroy();
    Prerequisite.require(installed, "npm cannot install " + String.join(", ", packages));
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException _) {
      throw Prerequisite.missing(builder.command().getFirst() + " is not installed");
    }
  }
}
