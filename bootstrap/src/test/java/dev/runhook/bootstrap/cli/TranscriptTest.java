package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The exact output and the exit codes of the commands that call a server. A transcript has a line
/// `$ command` for each command, and after it what it prints on standard output, what it prints on
/// standard error (lines that begin with `!`), and its exit code if it is not 0 (`? 1`). Ids and
/// times have names, such as `<id-1>` for the first id, which later commands can use.
///
/// Other lines that begin with `$` do something else: `$ file NAME TEXT` writes the file `{NAME}`,
/// `$ send` sends what is due, `$ answer STATUS` sets the next response of the receiver, and `$
/// sending command` sends what is due while the command runs.
///
/// With the system property `transcripts.write`, the test writes the transcripts.
class TranscriptTest {
  private static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts");
  private static final Endpoint ENDPOINT = Endpoint.ofStored("https://hooks.example.com/runs");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|RUN\\d{23}");
  private static final Pattern NAMED_ID = Pattern.compile("<id-(\\d+)>");

  @TempDir private Path folder = Path.of(".");
  private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();
  private final List<String> ids = new ArrayList<>();

  static Stream<Path> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
      return files.sorted().toList().stream();
    }
  }

  @BeforeEach
  void signIn() {
    command.signIn(server);
    command.environment.put("HOME", folder.toString());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void the_commands_print_what_the_transcript_says(Path transcript) throws IOException {
    String expected = Files.readString(transcript);

    StringBuilder actual = new StringBuilder();
    for (String line : expected.lines().filter(each -> each.matches("([$#] .*)?")).toList()) {
      actual.append(line).append('\n');
      if (line.startsWith("$ ")) {
        actual.append(run(line.substring(2)));
      }
    }

    if (System.getProperty("transcripts.write") != null) {
      Files.writeString(transcript, actual);
    }
    assertThat(actual).hasToString(expected);
  }

  private String run(String line) throws IOException {
    String[] words = line.split(" ", 3);
    switch (words[0]) {
      case "file" -> Files.writeString(folder.resolve(words[1]), words[2].replace("\\n", "\n"));
      case "send" -> server.dispatch();
      case "answer" ->
          server.transport.enqueue(ENDPOINT, Outcome.Responded.of(Integer.parseInt(words[1])));
      case "sending" -> {
        try (ExecutorService _ = CommandFixture.repeat(server::dispatch)) {
          return execute(line.substring("sending ".length()));
        }
      }
      default -> {
        return execute(line);
      }
    }
    return "";
  }

  private String execute(String line) {
    String known =
        NAMED_ID
            .matcher(line)
            .replaceAll(id -> ids.get(Integer.parseInt(id.group(1)) - 1))
            .replace("{url}", server.url())
            .replaceAll("\\{(\\w+)}", folder + "/$1");
    int code =
        command.exitCode(
            WORD.matcher(known)
                .results()
                .map(word -> word.group().replace("\"", ""))
                .toArray(String[]::new));
    StringBuilder text = new StringBuilder(named(command.out()));
    named(command.err()).lines().forEach(each -> text.append("! ").append(each).append('\n'));
    return code == 0 ? text.toString() : text.append("? %d\n".formatted(code)).toString();
  }

  /// Replaces what differs from run to run. Empty lines would divide the output.
  private String named(String output) {
    String text =
        output
            .replace(server.url(), "{url}")
            .replaceAll(Pattern.quote(folder.toString()) + "/(\\w+)", "{$1}")
            .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "<time>")
            .replaceAll("\"durationMs\" : \\d+", "\"durationMs\" : <ms>")
            .replaceAll("\\d+ ms\\)", "<ms> ms)")
            .replaceAll("× \\d\\.\\d\\d = [0-9.]+ s", "× <jitter> s")
            .replaceAll("(<time>  )\\d+ +(?=[A-Z])", "$1<ms>  ")
            .replaceAll("rhk_[0-9A-Za-z]{49}", "<token>")
            .replaceAll("/sign-in/[A-Za-z0-9_-]{43}", "/sign-in/<link>")
            .replaceAll("(sha1|sha256|v1)(=|,)[A-Za-z0-9+/=]+", "$1$2<signature>")
            .replaceAll("(\"webhook-timestamp\" : )\"\\d+\"", "$1<seconds>")
            .replaceAll("whsec_[A-Za-z0-9+/=]+", "<secret>")
            .replaceAll("(?m)^$", "|");
    Matcher id = ID.matcher(text);
    String named = id.replaceAll(found -> "<id-" + number(found.group()) + ">");
    return output.isEmpty() ? "" : named + "\n";
  }

  private int number(String id) {
    if (!ids.contains(id)) {
      ids.add(id);
    }
    return ids.indexOf(id) + 1;
  }
}
