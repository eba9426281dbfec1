package dev.runhook.bootstrap.cli.command;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The secret of a webhook, as an argument or in a file. A file keeps it out of the process list.
public final class SecretOption {
  @Option(names = "--secret", paramLabel = "S", description = "The webhook's secret.")
  private @Nullable String secret;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "A file with the webhook's secret; one line break at its end is ignored.")
  private @Nullable Path file;

  public static SecretOption ofFile(Path file) {
    SecretOption option = new SecretOption();
    option.file = file;
    return option;
  }

  /// @throws ParameterException if it is blank or unreadable
  public String secret(CliCommand command) {
    String text = secret != null ? secret : read(command);
    if (text.isBlank()) {
      String name = secret != null ? "--secret" : "--secret-file";
      throw command.usageError(name + " is blank; copy the secret of the webhook");
    }
    return text;
  }

  private String read(CliCommand command) {
    try {
      return file == null ? "" : Files.readString(file).replaceFirst("\r?\n\\z", "");
    } catch (MalformedInputException _) {
      throw command.usageError("--secret-file is not in UTF-8: " + file);
    } catch (IOException _) {
      throw command.usageError("--secret-file cannot be read: " + file);
    }
  }
}
