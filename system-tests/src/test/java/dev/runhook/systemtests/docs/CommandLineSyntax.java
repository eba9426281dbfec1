package dev.runhook.systemtests.docs;

import dev.runhook.bootstrap.cli.Main;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Asks the command line whether it would take arguments, without running anything.
public final class CommandLineSyntax {
  private CommandLineSyntax() {}

  /// What is wrong with them; empty where nothing is.
  public static Optional<String> findProblem(List<String> arguments) {
    CommandLine line = Main.commandLine();
    try {
      line.parseArgs(arguments.toArray(String[]::new));
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
