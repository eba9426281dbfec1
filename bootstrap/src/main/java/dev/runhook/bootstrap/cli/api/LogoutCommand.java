package dev.runhook.bootstrap.cli.api;

import dev.runhook.bootstrap.cli.client.Login;
import dev.runhook.bootstrap.cli.command.CliCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
    name = "logout",
    description = "Deletes the stored token.",
    footer = "The token stays valid; to revoke it, use ./runhook tokens revoke.")
public final class LogoutCommand extends CliCommand {
  @Override
  public Integer call() {
    Path file = Login.file(environment());
    try {
      boolean deleted = Files.deleteIfExists(file);
      err().println(deleted ? "runhook: signed out" : "runhook: not signed in");
      return EXIT_SUCCESS;
    } catch (IOException e) {
      throw failure("cannot delete " + file + ": " + e.getMessage());
    }
  }
}
