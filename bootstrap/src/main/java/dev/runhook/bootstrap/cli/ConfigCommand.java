package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.setting.EffectiveSetting;
import dev.runhook.bootstrap.setting.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Prints the effective settings and their sources, with secrets masked.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Exit code 2 with one line per problem if the server could not start."})
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  ConfigCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    print(EffectiveSetting.readAll(), spec.commandLine().getOut());
    return 0;
  }

  private static void print(List<EffectiveSetting> settings, PrintWriter out) {
    int names = width(settings.stream().map(EffectiveSetting::variable).toList());
    int values = width(settings.stream().map(ConfigCommand::displayValue).toList());
    String line = "%-" + names + "s  %-" + values + "s  %s%n";
    for (EffectiveSetting setting : settings) {
      out.printf(line, setting.variable(), displayValue(setting), setting.source());
    }
    out.flush();
  }

  private static String displayValue(EffectiveSetting setting) {
    return setting.value().isEmpty() ? "-" : setting.value();
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(1);
  }
}
