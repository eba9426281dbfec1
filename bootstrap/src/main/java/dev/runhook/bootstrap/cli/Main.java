package dev.runhook.bootstrap.cli;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.cli.api.AccountWebhooksCommand;
import dev.runhook.bootstrap.cli.api.ApplyCommand;
import dev.runhook.bootstrap.cli.api.DeliveriesCommand;
import dev.runhook.bootstrap.cli.api.LoginCommand;
import dev.runhook.bootstrap.cli.api.LogoutCommand;
import dev.runhook.bootstrap.cli.api.OperationsCommand;
import dev.runhook.bootstrap.cli.api.ReportCommand;
import dev.runhook.bootstrap.cli.api.RunsCommand;
import dev.runhook.bootstrap.cli.api.StacksCommand;
import dev.runhook.bootstrap.cli.api.TokensCommand;
import dev.runhook.bootstrap.cli.api.WebhooksCommand;
import dev.runhook.bootstrap.cli.api.WhyCommand;
import dev.runhook.bootstrap.cli.client.ProblemMessage;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.cli.receiver.CertifyCommand;
import dev.runhook.bootstrap.cli.receiver.ListenCommand;
import dev.runhook.bootstrap.cli.receiver.VerifyCommand;
import dev.runhook.bootstrap.cli.server.BucketCommand;
import dev.runhook.bootstrap.cli.server.CitusCommand;
import dev.runhook.bootstrap.cli.server.ConfigCommand;
import dev.runhook.bootstrap.cli.server.DemoCommand;
import dev.runhook.bootstrap.cli.server.SecretsCommand;
import dev.runhook.bootstrap.cli.server.ServeCommand;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.client.ApiProblemException;
import dev.runhook.persistence.schema.UnusableDatabaseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line. Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.
@Command(
    name = "runhook",
    description = "Self-hosted webhooks for run state changes.",
    addMethodSubcommands = false, // so that they follow the others
    footer = {
      "",
      "First steps: ./runhook demo",
      "Help for a command: ./runhook help webhooks, or ./runhook webhooks create --help",
      "Benchmarks: ./runhook bench --help",
      "",
      "Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.",
      "Guide: docs/cli.md"
    })
public final class Main extends CliCommand {
  private static final String RUN_A_SERVER = "Run a server";
  private static final String USE_A_SERVER = "Use a server";
  private static final String RECEIVE_WEBHOOKS = "Receive webhooks";
  private static final List<Entry> COMMANDS =
      List.of(
          new Entry(RUN_A_SERVER, DemoCommand.class),
          new Entry(RUN_A_SERVER, ServeCommand.class),
          new Entry(RUN_A_SERVER, ConfigCommand.class),
          new Entry(RUN_A_SERVER, SecretsCommand.class),
          new Entry(RUN_A_SERVER, BucketCommand.class),
          new Entry(RUN_A_SERVER, CitusCommand.class),
          new Entry(USE_A_SERVER, LoginCommand.class),
          new Entry(USE_A_SERVER, LogoutCommand.class),
          new Entry(USE_A_SERVER, StacksCommand.class),
          new Entry(USE_A_SERVER, RunsCommand.class),
          new Entry(USE_A_SERVER, WebhooksCommand.class),
          new Entry(USE_A_SERVER, AccountWebhooksCommand.class),
          new Entry(USE_A_SERVER, DeliveriesCommand.class),
          new Entry(USE_A_SERVER, WhyCommand.class),
          new Entry(USE_A_SERVER, TokensCommand.class),
          new Entry(USE_A_SERVER, ReportCommand.class),
          new Entry(USE_A_SERVER, ApplyCommand.class),
          new Entry(RECEIVE_WEBHOOKS, ListenCommand.class),
          new Entry(RECEIVE_WEBHOOKS, VerifyCommand.class),
          new Entry(RECEIVE_WEBHOOKS, CertifyCommand.class));

  private static final int HELP_WIDTH = 80;
  private static final int NAME_WIDTH = 20;

  /// A command.
  ///
  /// @param heading the group in the help
  private record Entry(String heading, Class<? extends CliCommand> command) {
    String name() {
      return description().name();
    }

    boolean isNamed(String argument) {
      return argument.equals(name()) || List.of(description().aliases()).contains(argument);
    }

    private Command description() {
      return command.getAnnotation(Command.class);
    }
  }

  private final Map<String, String> environment;

  private Main(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv(), arguments).execute(arguments));
  }

  public static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  /// Returns a command line for these arguments. Leaves out the commands that they do not name,
  /// because creating all of them takes longer than most commands run.
  static CommandLine commandLine(Map<String, String> environment, String... arguments) {
    CommandLine line = new CommandLine(new Main(environment));
    Optional<Entry> named =
        COMMANDS.stream()
            .filter(entry -> arguments.length > 0 && entry.isNamed(arguments[0]))
            .findFirst();
    if (named.isPresent()) {
      line.addSubcommand(named.get().command());
    } else {
      COMMANDS.forEach(entry -> line.addSubcommand(entry.command()));
      line.addSubcommand(new CommandLine.HelpCommand());
      line.getCommandSpec().addMethodSubcommands();
      line.addSubcommand(completion());
    }
    line.getCommandSpec().usageMessage().commandListHeading("");
    complete(line);
    line.getSubcommands().values().stream()
        .distinct() // a command with an alias occurs twice
        .forEach(command -> {
          if (command.getCommand() instanceof OperationsCommand group) {
            group.addTo(command.getCommandSpec());
          }
          complete(command);
        });
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Main::commandsByGroup);
    return line.setExecutionExceptionHandler(Main::report)
        .setParameterExceptionHandler(Main::reportUsage)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static CommandLine completion() {
    CommandSpec completion =
        CommandSpec.forAnnotatedObject(new AutoComplete.GenerateCompletion()).name("completion");
    completion.usageMessage().description("Prints a completion script for bash and zsh.");
    return new CommandLine(completion);
  }

  /// Adds a line before each footer, and `--help` and `--version` to the commands without them.
  private static void complete(CommandLine command) {
    for (CommandLine each : command.getSubcommands().values()) {
      CommandSpec spec = each.getCommandSpec();
      if (spec.usageMessage().footer().length > 0) {
        spec.usageMessage().footerHeading("%n");
      }
      if (spec.findOption("--help") == null) {
        // not as a mixin, which picocli would pass to the method as an argument
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help message and exit.")
                    .build())
            .addOption(
                OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Print version information and exit.")
                    .build())
            .versionProvider(new Version())
            .usageMessage()
            .abbreviateSynopsis(true);
      }
    }
  }

  private static String commandsByGroup(CommandLine.Help help) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (Entry each : COMMANDS) {
      groups.computeIfAbsent(each.heading(), _ -> new ArrayList<>()).add(each.name());
    }
    groups.put("Other commands", List.of("help", "version", "completion"));
    StringBuilder text = new StringBuilder();
    groups.forEach((group, names) -> {
      TextTable table =
          TextTable.forColumns(
              help.colorScheme(),
              new Column(NAME_WIDTH, 2, Column.Overflow.SPAN),
              new Column(HELP_WIDTH - NAME_WIDTH, 0, Column.Overflow.WRAP));
      for (String name : names) {
        CommandLine command = requireNonNull(help.commandSpec().subcommands().get(name));
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        table.addRowValues(
            name, usage.header().length > 0 ? usage.header()[0] : usage.description()[0]);
      }
      text.append("%n%s:%n%s".formatted(group, table));
    });
    return text.toString();
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Command(name = "version", description = "Prints the version.")
  int version() {
    out().println("runhook " + Version.text());
    return EXIT_SUCCESS;
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    List<String> problems =
        switch (e) {
          case ConfigurationException invalid -> invalid.problems();
          case UnusableDatabaseException unusable -> List.of(String.valueOf(unusable.getMessage()));
          case StartupException _, StoreUnavailableException _, RefusedException _ ->
              List.of(String.valueOf(e.getMessage()));
          case ApiProblemException refused -> List.of(ProblemMessage.of(refused.problem()));
          case CommandLine.ExecutionException failure ->
              List.of(String.valueOf(failure.getMessage()));
          default -> List.of("failed: " + e);
        };
    problems.forEach(problem -> command.getErr().println("runhook: " + problem));
    // an unusable database is a wrong configuration: it, its pool or the version must change
    return e instanceof ConfigurationException || e instanceof UnusableDatabaseException
        ? EXIT_USAGE
        : EXIT_FAILURE;
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
