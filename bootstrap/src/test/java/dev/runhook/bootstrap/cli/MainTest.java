package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "launch",
        "--unknown",
        "serve --port 80",
        "demo twice",
        "demo --port 70000",
        "listen",
        "listen --secret",
        "listen --secret s --port many",
        "listen --secret s --port 70000",
        "listen --secret s --port -1",
        "listen --secret s --host no-such-name.invalid",
        "config all",
        "token",
        "token launch",
        "token create",
        "token create --role owner",
        "token create --role",
        "token create --role writer --account acme",
        "token create --role writer --local --account No_Slug",
        "token create --role writer --stack no/slug",
        "token create --role writer all",
        "token list all",
        "token list --local --account No_Slug",
        "token list --local --limit 0",
        "stacks list --limit 0",
        "stacks list -o xml",
        "webhooks edit",
        "deliveries tail --count 0",
        "report --stack net --run r-1",
        "token revoke",
        "token revoke x",
        "secrets",
        "bucket",
        "bucket move 1",
        "bucket move one --to postgresql://db/runhook",
        "citus",
        "secrets rotate all",
        "token revoke 00000000-0000-7000-8000-000000000000 x",
        "listen --secret s --secret-file f",
        "listen --secret-file /nowhere/at/all",
        "login --token-file /nowhere/at/all",
        "listen --secret s --once 0",
        "listen --secret s --once many",
        "listen --secret s --times 2",
        "listen --secret s --fail 503 --times 0",
        "listen --secret s --fail 200",
        "listen --secret s --fail 600",
        "listen --secret s --delay soon",
        "listen --secret s --delay -PT1S",
        "listen --secret s --forward-to ftp://localhost",
        "certify http://localhost:9000",
        "certify --secret s",
        "certify ftp://localhost --secret s",
        "certify http://localhost:9000 --secret s --timeout 1m"
      })
  void wrong_usage_exits_with_2_and_one_line_that_points_to_the_help(String line) {
    int code = run(line.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .matches("runhook: .{10,}; see \\./runhook[a-z ]* --help");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                     | missing command; the commands are demo, serve, config, secrets, bucket,"
            + " citus, login, logout, stacks, runs, webhooks, account-webhooks, deliveries, why, tokens, report, apply,"
            + " listen, verify, certify,"
            + " help, version, completion; see ./runhook --help",
        "tokn                   | unknown command \"tokn\" (did you mean token or tokens or webhook?); see ./runhook"
            + " --help",
        "serve --port=80        | unknown option --port; see ./runhook serve --help",
        "listen --secrt hush    | unknown option --secrt (did you mean --secret or --secret-file?);"
            + " see ./runhook listen --help",
        "serve now              | serve does not accept \"now\"; see ./runhook serve --help",
        "token create           | missing required option: '--role=R'; see ./runhook tokens create"
            + " --help",
        "token create --role reader --expires-in 90    | --expires-in must be a duration such as"
            + " 500ms, 10s, 2m, 5h, 30d or PT10S; see ./runhook tokens create --help",
        "token create --role reader --expires-in PT0.5S | --expires-in must be from 1s to 36500d;"
            + " see ./runhook tokens create --help",
        "token create --role reader --sign-in-link 8d | --sign-in-link must be from 1s to 7d;"
            + " see ./runhook tokens create --help",
        "token revoke x         | ID is not a token id; \"tokens list\" prints the ids; see"
            + " ./runhook tokens revoke --help"
      })
  void the_error_line_says_what_is_wrong(String line, String problem) {
    run(line.split(" "));

    assertThat(err.toString().strip()).isEqualTo("runhook: " + problem);
  }

  @Test
  void a_token_given_instead_of_its_id_is_not_printed() {
    assertThat(run("token", "revoke", "rhk_hush")).isEqualTo(2);
    assertThat(err.toString()).contains("tokens list").doesNotContain("hush");
  }

  @Test
  void a_blank_secret_is_wrong_usage() {
    assertThat(run("listen", "--secret", " ")).isEqualTo(2);
    assertThat(err.toString()).contains("--secret is blank");
  }

  @Test
  void a_port_in_use_is_reported_in_one_line() throws IOException {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code =
          run("listen", "--secret", "s", "--port", Integer.toString(occupied.getLocalPort()));

      assertThat(code).isEqualTo(2);
      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .isEqualTo(
              "runhook: port "
                  + occupied.getLocalPort()
                  + " is in use; set another one with --port (0 picks a free one)");
    }
  }

  @Test
  void the_demo_does_not_wait_for_a_port_in_use() throws IOException {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code = run("demo", "--port", Integer.toString(occupied.getLocalPort()));

      assertThat(code).isEqualTo(2);
      assertThat(err.toString())
          .contains("port " + occupied.getLocalPort() + " is in use; set another one with --port");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "serve --help",
        "config --help",
        "listen --help",
        "token --help",
        "token create --help",
        "token list --help",
        "token revoke --help",
        "secrets --help",
        "secrets rotate --help",
        "bucket check --help",
        "bucket move --help",
        "citus distribute --help",
        "verify --help"
      })
  void the_help_is_printed_and_the_command_exits_with_0(String line) {
    int code = run(line.split(" "));

    assertThat(code).isZero();
    assertThat(out.toString()).startsWith("Usage: runhook");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void the_help_lists_every_command() {
    run("--help");

    assertThat(Main.commandLine(Map.of()).getSubcommands().values())
        .extracting(CommandLine::getCommandName)
        .hasSizeGreaterThan(15)
        .allSatisfy(name -> assertThat(out.toString()).contains("\n  " + name + " "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens", "token", "tokens list", "tokens --help"})
  void only_the_command_that_the_arguments_name_is_created(String line) {
    assertThat(Main.commandLine(Map.of(), line.split(" ")).getSubcommands())
        .containsOnlyKeys("tokens", "token");
  }

  @Test
  void every_command_has_a_help_and_a_version() {
    assertThat(
            Main.commandLine(Map.of()).getSubcommands().values().stream()
                .flatMap(command ->
                    Stream.concat(Stream.of(command), command.getSubcommands().values().stream()))
                .filter(command -> !command.getCommandName().equals("help")))
        .hasSizeGreaterThan(40)
        .allSatisfy(command -> {
          assertThat(command.getCommandSpec().findOption("--help")).isNotNull();
          assertThat(command.getCommandSpec().findOption("--version")).isNotNull();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "help webhooks", "webhooks create --help", "report --help"})
  void the_lines_of_the_help_fit_into_a_terminal(String line) {
    assertThat(run(line.split(" "))).isZero();
    assertThat(out.toString().lines()).hasSizeGreaterThan(5).allMatch(each -> each.length() <= 80);
  }

  @Test
  void a_completion_script_is_printed() {
    assertThat(run("completion")).isZero();
    assertThat(out.toString()).contains("complete -F _complete_runhook", "webhooks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--version",
        "version",
        "webhooks create --version",
        "serve --version",
        "demo --version",
        "listen --version"
      })
  void the_version_of_the_build_is_printed(String line) {
    int code = run(line.split(" "));

    assertThat(code).isZero();
    assertThat(out.toString().strip()).matches("runhook \\d+\\.\\d+\\.\\d+.*");
  }

  private int run(String... arguments) {
    String[] nonEmpty =
        Stream.of(arguments).filter(argument -> !argument.isEmpty()).toArray(String[]::new);
    CommandLine commandLine = Main.commandLine(Map.of(), nonEmpty);
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(nonEmpty);
  }
}
