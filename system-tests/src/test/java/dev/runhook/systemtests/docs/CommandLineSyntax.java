package dev.runhook.systemtests.docs;

import dev.runhook.bootstrap.cli.Main;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Checks arguments against the command line without running a command.
final class CommandLineSyntax {
  private CommandLineSyntax() {}

  /// Finds the problem with the arguments; empty if the command line accepts them.
  static Optional<String> findProblem(List<String> arguments) {
    CommandLine line = Main.commandLine();
    try {
      line.parseArgs(arguments.toArray(String[]::new));
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
