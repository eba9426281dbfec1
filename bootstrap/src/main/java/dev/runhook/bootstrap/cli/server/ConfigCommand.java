package dev.runhook.bootstrap.cli.server;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.setting.EffectiveSetting;
import dev.runhook.bootstrap.setting.SettingsReader;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "config",
    description = "Prints the effective settings and their sources, with secrets masked.",
    footer = "Exit code 2 with one line per problem if the server could not start.")
public final class ConfigCommand extends CliCommand {
  @Override
  public Integer call() {
    printTable(SettingsReader.read().effective().stream().map(ConfigCommand::row).toList());
    return EXIT_SUCCESS;
  }

  private static List<String> row(EffectiveSetting setting) {
    String value = setting.value().isEmpty() ? "-" : setting.value();
    return List.of(setting.variable(), value, setting.source());
  }
}
