package dev.runhook.bootstrap.cli;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.RefusedException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.persistence.schema.NewerSchemaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "First steps: ./runhook demo", "Benchmarks: ./runhook bench --help"})
public final class Main implements Runnable {
  static final int EXIT_FAILURE = 1;
  static final int EXIT_USAGE = 2;

  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  public static CommandLine commandLine() {
    return new CommandLine(new Main(CommandSpec.create()))
        .setExecutionExceptionHandler(Main::report)
        .setParameterExceptionHandler(UsageErrors::report)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw UsageErrors.missingSubcommand(spec);
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    if (e instanceof ConfigurationException invalid) {
      invalid.problems().forEach(problem -> command.getErr().println("runhook: " + problem));
      return EXIT_USAGE;
    }
    if (e instanceof NewerSchemaException) { // the operator must change the database or the version
      command.getErr().println("runhook: " + e.getMessage());
      return EXIT_USAGE;
    }
    command
        .getErr()
        .println(
            "runhook: "
                + (e instanceof RefusedException refused
                    ? message(refused.refusal())
                    : "failed: " + e));
    return EXIT_FAILURE;
  }

  /// Describes the refusals that commands can cause.
  private static String message(Refusal refusal) {
    return switch (refusal) {
      case NoSuchToken(String token) -> "token \"" + token + "\" does not exist";
      case Refusal other -> "the request was refused: " + other;
    };
  }
}
