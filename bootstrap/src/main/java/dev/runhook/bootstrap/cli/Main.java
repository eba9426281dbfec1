package dev.runhook.bootstrap.cli;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.RefusedException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.persistence.schema.Schema.NewerSchemaException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line. Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.
@Command(
    name = "runhook",
    description = "Self-hosted webhooks for run state changes.",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      ConfigCommand.class,
      TokenCommand.class,
      SecretsCommand.class,
      ListenCommand.class,
      VerifyCommand.class
    },
    footer = {"", "First steps: ./runhook demo", "Benchmarks: ./runhook bench --help"})
public final class Main extends CliCommand {
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(Main::report)
        .setParameterExceptionHandler(UsageErrors::report)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    List<String> problems =
        switch (e) {
          case ConfigurationException invalid -> invalid.problems();
          case NewerSchemaException newer -> List.of(String.valueOf(newer.getMessage()));
          case RefusedException refused -> List.of(message(refused.refusal()));
          default -> List.of("failed: " + e);
        };
    problems.forEach(problem -> command.getErr().println("runhook: " + problem));
    // a newer schema is a wrong configuration: the database or the version must change
    return e instanceof ConfigurationException || e instanceof NewerSchemaException
        ? EXIT_USAGE
        : EXIT_FAILURE;
  }

  /// Describes the refusals that commands can cause.
  private static String message(Refusal refusal) {
    return switch (refusal) {
      case NoSuchToken(String token) -> "token \"" + token + "\" does not exist";
      case Refusal other -> "the request was refused: " + other;
    };
  }
}
