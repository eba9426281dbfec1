package dev.runhook.bootstrap.cli.server;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.persistence.schema.CitusSchema;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "citus",
    description = "Divides the buckets over the nodes of a Citus cluster.",
    subcommands = CitusCommand.DistributeCommand.class,
    footer = "See docs/internals/citus.md.")
public final class CitusCommand extends CliCommand {
  @Command(
      name = "distribute",
      description =
          "Migrates the schema of each bucket, distributes it with Citus, and prints its node.",
      footer =
          "Run it before the first start of a server. It can be repeated; a distributed schema stays"
              + " where it is. Citus itself moves schemas.")
  static final class DistributeCommand extends CliCommand {
    @Override
    public Integer call() {
      Settings settings = SettingsReader.read();
      if (settings.get(SettingDefinitions.BUCKETS).count() == 1) {
        throw new ConfigurationException(
            "RUNHOOK_BUCKETS is 1, and one bucket cannot be divided; see docs/operations/scaling.md");
      }
      Logging.configure(settings.logging());
      try (CliDatabase database = CliDatabase.open(settings)) {
        printTable(
            database.ofBuckets((source, schema) -> {
              CitusSchema citus = new CitusSchema(source, schema);
              if (!citus.isSupported()) {
                throw failure(
                    "the database has no Citus 12 or later; run \"create extension citus\" in it"
                        + " on each node");
              }
              return List.of(schema.name(), citus.distribute());
            }));
      }
      return EXIT_SUCCESS;
    }
  }
}
