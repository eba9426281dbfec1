package dev.runhook.bootstrap.cli.command;

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
    return file == null ? "" : command.read("--secret-file", file).replaceFirst("\r?\n\\z", "");
  }
}
