package dev.runhook.bootstrap.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Wrong usage, told in one line: what is wrong, and what tells how it is right.
final class UsageErrors {
  private UsageErrors() {}

  /// For a command that is nothing without one of its subcommands.
  static ParameterException missingSubcommand(CommandSpec spec) {
    return new ParameterException(
        spec.commandLine(),
        "which command? There is " + String.join(", ", spec.subcommands().keySet()));
  }

  /// As [CommandLine.IParameterExceptionHandler] has it.
  static int report(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command
        .getErr()
        .println(
            "runhook: %s; see ./%s --help"
                .formatted(sentence(wrong), command.getCommandSpec().qualifiedName()));
    return Main.EXIT_USAGE;
  }

  private static String sentence(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unmatched
        ? sentence(unmatched)
        : small(
            String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", "").replaceAll("\\R", " "));
  }

  /// The first that does not fit. What follows may belong to it, and be a secret.
  private static String sentence(UnmatchedArgumentException wrong) {
    String first = wrong.getUnmatched().getFirst();
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    String what =
        first.startsWith("-")
            ? "there is no option " + first.replaceFirst("=.*", "")
            : command.subcommands().isEmpty()
                ? command.name() + " takes no \"" + first + "\""
                : "there is no command \"" + first + "\"";
    List<String> meant = wrong.getSuggestions();
    return meant.isEmpty() ? what : what + " (did you mean " + String.join(" or ", meant) + "?)";
  }

  /// Begins small, but for names that are written large.
  private static String small(String text) {
    boolean name = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    return name ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
