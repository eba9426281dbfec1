package dev.runhook.bootstrap.cli;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.persistence.schema.Schema.NewerSchemaException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        .setParameterExceptionHandler(Main::reportUsage)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    List<String> problems =
        switch (e) {
          case ConfigurationException invalid -> invalid.problems();
          case NewerSchemaException newer -> List.of(String.valueOf(newer.getMessage()));
          case StartupException _, StoreUnavailableException _ ->
              List.of(String.valueOf(e.getMessage()));
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

  /// Reports wrong usage in one line with a pointer to the help.
  private static int reportUsage(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    command
        .getErr()
        .println(
            "runhook: %s; see ./%s --help"
                .formatted(message(error), command.getCommandSpec().qualifiedName()));
    return EXIT_USAGE;
  }

  private static String message(ParameterException error) {
    return error instanceof UnmatchedArgumentException unmatched
        ? message(unmatched)
        : lowercaseFirst(
            String.valueOf(error.getMessage()).replaceFirst("^Error: ", "").replaceAll("\\R", " "));
  }

  /// Quotes only the first unmatched argument. The following ones may be its value and a secret.
  private static String message(UnmatchedArgumentException error) {
    String first = error.getUnmatched().getFirst();
    CommandSpec command = error.getCommandLine().getCommandSpec();
    String problem =
        first.startsWith("-")
            ? "unknown option " + first.replaceFirst("=.*", "")
            : command.subcommands().isEmpty()
                ? command.name() + " does not accept \"" + first + "\""
                : "unknown command \"" + first + "\"";
    List<String> suggestions = error.getSuggestions();
    return suggestions.isEmpty()
        ? problem
        : problem + " (did you mean " + String.join(" or ", suggestions) + "?)";
  }

  /// Converts the first letter to lowercase, unless the first word is an uppercase name.
  private static String lowercaseFirst(String text) {
    boolean uppercaseName = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    return uppercaseName ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
