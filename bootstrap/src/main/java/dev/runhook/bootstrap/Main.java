package dev.runhook.bootstrap;

import dev.runhook.application.RefusedException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.persistence.NewerSchemaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
@Command(
    name = "runhook",
    description = "Webhooks for run-state changes, self-hosted.",
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
    footer = {"", "New here? Try: ./runhook demo", "How fast is it here? ./runhook bench --help"})
public final class Main implements Runnable {
  static final int FAILED = 1;
  static final int WRONG_CONFIGURATION = 2;

  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main(CommandSpec.create()))
        .setExecutionExceptionHandler(Main::report)
        .setParameterExceptionHandler(Misuse::tell)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw Misuse.withoutCommand(spec);
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    if (e instanceof ConfigurationException wrong) {
      wrong.problems().forEach(problem -> command.getErr().println("runhook: " + problem));
      return WRONG_CONFIGURATION;
    }
    if (e instanceof NewerSchemaException) { // another database, or another version, mends it
      command.getErr().println("runhook: " + e.getMessage());
      return WRONG_CONFIGURATION;
    }
    command
        .getErr()
        .println(
            "runhook: "
                + (e instanceof RefusedException refused
                    ? refused.refusal().sentence()
                    : "failed: " + e));
    return FAILED;
  }
}
