package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pieces of code in `docs/receiving.md`, and the programs that run them.
///
/// @param folder where they are written, and run
record CodeSnippets(Path folder) {
  private static final Path DOCUMENT = Path.of("..", "docs", "receiving.md");

  /// What surrounds a piece of code so that it can be asked. It is given the secret, a file with
  /// the body, and the header, and prints true or false.
  enum Language {
    JAVA(
        "java",
        "Signature.java",
        "Ask.java",
        """
        class Ask {
          public static void main(String[] a) throws Exception {
            System.out.print(Signature.verifies(a[0], java.nio.file.Files.readAllBytes(java.nio.file.Path.of(a[1])), a[2]));
          }
        }
        """,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "Ask.java"),
    NODE(
        "js",
        "ask.js",
        "",
        """
        const [secret, file, header] = process.argv.slice(2);
        process.stdout.write(String(verifies(secret, require('node:fs').readFileSync(file), header)));
        """,
        "node",
        "ask.js"),
    PYTHON(
        "python",
        "ask.py",
        "",
        """
        import sys
        secret, file, header = sys.argv[1:]
        sys.stdout.write(str(verifies(secret, open(file, "rb").read(), header)).lower())
        """,
        "python3",
        "ask.py"),
    GO(
        "go",
        "verifies.go",
        "ask.go",
        """
        package main
        import ("fmt"; "os")
        func main() {
          body, _ := os.ReadFile(os.Args[2])
          fmt.Print(verifies(os.Args[1], body, os.Args[3]))
        }
        """,
        "go",
        "run",
        "verifies.go",
        "ask.go"),
    RUBY(
        "ruby",
        "ask.rb",
        "",
        """
        print verifies?(ARGV[0], File.binread(ARGV[1]), ARGV[2])
        """,
        "ruby",
        "ask.rb"),
    SHELL(
        "sh",
        "ask.sh",
        "",
        """
        if verifies "$1" "$2" "$3"; then printf true; else printf false; fi
        """,
        "sh",
        "ask.sh");

    private final String fence;
    private final String file;
    private final String askingFile;
    private final String asking;

    @SuppressWarnings("ImmutableEnumChecker") // a copy
    private final List<String> command;

    Language(String fence, String file, String askingFile, String asking, String... command) {
      this.fence = fence;
      this.file = file;
      this.askingFile = askingFile;
      this.asking = asking;
      this.command = List.of(command);
    }
  }

  /// The first piece of code in that language in which the text is.
  static String findCode(String fence, String text) throws IOException {
    Matcher code =
        Pattern.compile("(?s)```" + fence + "\n(.*?)```").matcher(Files.readString(DOCUMENT));
    while (code.find()) {
      if (code.group(1).contains(text)) {
        return code.group(1);
      }
    }
    return fail("there is no code in " + fence + " with \"" + text + "\"");
  }

  /// Whether the code of the document finds that the header is right; the test is skipped where the
  /// machine has not the language.
  boolean runVerification(Language language, String secret, byte[] body, String header)
      throws IOException, InterruptedException {
    String code = findCode(language.fence, "verifies");
    boolean apart = !language.askingFile.isEmpty();
    Files.writeString(folder.resolve(language.file), apart ? code : code + "\n" + language.asking);
    if (apart) {
      Files.writeString(folder.resolve(language.askingFile), language.asking);
    }
    Path file = Files.write(folder.resolve("body"), body);
    String answer = run(language.command, secret, file.toString(), header);
    assertThat(answer).isIn("true", "false");
    return answer.equals("true");
  }

  /// What a program prints, in the folder.
  String run(List<String> program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Process process = started(builder);
    boolean ended = process.waitFor(400, TimeUnit.SECONDS);
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(ended).as(printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private static Process started(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException _) {
      return abort("there is no " + builder.command().getFirst() + " on this machine");
    }
  }
}
