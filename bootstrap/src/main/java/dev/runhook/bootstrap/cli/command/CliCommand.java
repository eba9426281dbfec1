package dev.runhook.bootstrap.cli.command;

import dev.runhook.bootstrap.cli.client.Login;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.client.RunhookClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command with `--help` and `--version`. A command that does not override [#call] only groups
/// its subcommands, which are classes or methods.
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
public abstract class CliCommand implements Callable<Integer> {
  public static final int EXIT_SUCCESS = 0;
  public static final int EXIT_FAILURE = 1;
  public static final int EXIT_USAGE = 2;

  /// The server differs from a file.
  public static final int EXIT_DRIFT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// Runs the command and returns its exit code.
  @Override
  public Integer call() throws Exception {
    throw usageError(
        spec.subcommands().values().stream()
            .map(CommandLine::getCommandName)
            .distinct()
            .collect(Collectors.joining(", ", "missing command; the commands are ", "")));
  }

  public final PrintWriter out() {
    return TerminalWriter.to(spec.commandLine().getOut());
  }

  public final PrintWriter err() {
    return TerminalWriter.to(spec.commandLine().getErr());
  }

  public final ParameterException usageError(String message) {
    return new ParameterException(current(), message);
  }

  /// Ends the command with exit code 1.
  ///
  /// @param message what is wrong and how to fix it
  public final ExecutionException failure(String message) {
    return new ExecutionException(current(), message);
  }

  /// Returns this command, or the method of it that runs.
  private CommandLine current() {
    CommandLine line = spec.commandLine();
    CommandLine.ParseResult parsed = line.getParseResult();
    return parsed != null && parsed.hasSubcommand()
        ? parsed.subcommand().commandSpec().commandLine()
        : line;
  }

  /// Sends a request with a client.
  public final <T> T withClient(Login login, Function<RunhookClient, T> request) {
    try (RunhookClient client = parse("", () -> RunhookClient.of(login.url(), login.token()))) {
      return request.apply(client);
    } catch (UncheckedIOException _) {
      throw failure("no response from " + login.url() + "; check the address, and that it runs");
    }
  }

  /// Returns the environment variables, which the root command knows.
  public Map<String, String> environment() {
    return ((CliCommand) spec.root().userObject()).environment();
  }

  public final void requireRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      String range = max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max;
      throw usageError(option + " must be " + range + ", not " + value);
    }
  }

  /// Reads a file that an option names.
  ///
  /// @throws ParameterException if it is unreadable
  public final String read(String option, Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException _) {
      throw usageError(option + " is not in UTF-8: " + file);
    } catch (IOException _) {
      throw usageError(option + " cannot be read: " + file);
    }
  }

  /// Reports an [IllegalArgumentException] of the parser as wrong usage.
  ///
  /// @param prefix precedes the message of the exception
  public final <T> T parse(String prefix, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw usageError(prefix + e.getMessage());
    }
  }

  /// Prints rows with the same number of cells. Pads each column except the last one to its widest
  /// cell.
  public final void printTable(List<List<String>> rows) {
    int last = rows.getFirst().size() - 1;
    int[] widths =
        IntStream.range(0, last)
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElseThrow())
            .toArray();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < last; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      out().println(line.append(row.get(last)));
    }
    out().flush();
  }
}
