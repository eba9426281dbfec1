package dev.runhook.bootstrap.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Reports wrong usage in one line with a pointer to the help.
final class UsageErrors {
  private UsageErrors() {}

  /// Implements [CommandLine.IParameterExceptionHandler].
  static int report(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    command
        .getErr()
        .println(
            "runhook: %s; see ./%s --help"
                .formatted(message(error), command.getCommandSpec().qualifiedName()));
    return CliCommand.EXIT_USAGE;
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
