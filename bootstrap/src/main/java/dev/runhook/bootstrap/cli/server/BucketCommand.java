package dev.runhook.bootstrap.cli.server;

import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.database.CliDatabase;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.BucketIdentity;
import dev.runhook.persistence.schema.BucketMove;
import dev.runhook.persistence.schema.BucketState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bucket",
    description = "Checks and moves the buckets of an installation.",
    subcommands = {BucketCommand.CheckCommand.class, BucketCommand.MoveCommand.class},
    footer = "See docs/operations/scaling.md.")
public final class BucketCommand extends CliCommand {
  @Command(
      name = "check",
      description = "Prints where each bucket is, and whether this is what the settings say.",
      footer =
          "Changes nothing, and can be used while servers run. Exit code 1 if a bucket is not where the"
              + " settings say, or a database is unreachable.")
  static final class CheckCommand extends CliCommand {
    private final Map<BucketSchema, BucketState> found = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    @Override
    public Integer call() {
      Settings settings = SettingsReader.read();
      Logging.configure(settings.logging());
      List<BucketSchema> buckets = BucketSchema.all(settings.get(SettingDefinitions.BUCKETS));
      try (CliDatabase database = CliDatabase.external(settings)) {
        List<DatabaseSettings> addresses = database.byBucket();
        read(database, settings.databaseVariable(), buckets);
        printTable(rows(buckets, addresses));
        checkOtherSchemas(addresses);
      }
      problems.forEach(problem -> err().println("runhook: " + problem));
      return problems.isEmpty() ? EXIT_SUCCESS : EXIT_FAILURE;
    }

    /// Tries once to connect to each database.
    private void read(CliDatabase database, String variable, List<BucketSchema> buckets) {
      Set<DatabaseSettings> unusable = new HashSet<>();
      for (BucketSchema bucket : buckets) {
        DatabaseSettings address = database.byBucket().get(bucket.number());
        if (!unusable.contains(address)) {
          try {
            DataSource source = database.connect(address, variable);
            found.put(bucket, BucketState.read(source, bucket));
          } catch (StoreUnavailableException | ConfigurationException e) {
            unusable.add(address);
            problems.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }

    private List<List<String>> rows(List<BucketSchema> buckets, List<DatabaseSettings> addresses) {
      Optional<UUID> installation =
          Optional.ofNullable(found.get(buckets.getFirst()))
              .flatMap(BucketState::identity)
              .map(BucketIdentity::id);
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("BUCKET", "SCHEMA", "STATE", "VERSION", "STACKS", "OPEN", "DATABASE"));
      for (BucketSchema bucket : buckets) {
        Optional<BucketState> state = Optional.ofNullable(found.get(bucket));
        Optional<BucketState> existing = state.filter(known -> known.identity().isPresent());
        Optional<String> problem = state.flatMap(known -> known.findProblem(bucket, installation));
        problem.ifPresent(text ->
            problems.add(
                "bucket %d (schema %s): %s".formatted(bucket.number(), bucket.name(), text)));
        rows.add(
            List.of(
                Integer.toString(bucket.number()),
                bucket.name(),
                state.isEmpty()
                    ? "unreachable"
                    : problem.isEmpty() ? "complete" : existing.isEmpty() ? "missing" : "wrong",
                state.flatMap(BucketState::version).map(String::valueOf).orElse("-"),
                existing.map(known -> Long.toString(known.stacks())).orElse("-"),
                existing.map(known -> Long.toString(known.openDeliveries())).orElse("-"),
                addresses.get(bucket.number()).toString()));
      }
      return rows;
    }

    /// Several addresses can be those of one database.
    private void checkOtherSchemas(List<DatabaseSettings> addresses) {
      Set<String> known = new HashSet<>();
      found.forEach((bucket, state) -> known.add(state.database() + " " + bucket.name()));
      found.forEach((bucket, state) -> {
        DatabaseSettings address = addresses.get(bucket.number());
        for (String schema : state.schemas()) {
          boolean isNew = known.add(state.database() + " " + schema);
          if (isNew && schema.matches(".*_(moved|copy)")) {
            out().printf("%s: no process uses %s%n", address, schema);
          } else if (isNew) {
            problems.add(
                "the database at %s has the schema %s, which the settings do not assign to it"
                    .formatted(address, schema));
          }
        }
      });
      out().flush();
    }
  }

  @Command(
      name = "move",
      description = "Moves a bucket to another database.",
      footer =
          "Stop all processes first. If the move fails, the old settings still apply, and it can be"
              + " repeated.")
  static final class MoveCommand extends CliCommand {
    @Parameters(paramLabel = "NUMBER", description = "The number of the bucket, such as 3.")
    private int number;

    @Option(
        names = "--to",
        required = true,
        paramLabel = "URL",
        description =
            "The other database, as in RUNHOOK_BUCKET_URLS. RUNHOOK_DATABASE_PASSWORD applies.")
    private String url = "";

    @Override
    public Integer call() {
      Settings settings = SettingsReader.read();
      Buckets buckets = settings.get(SettingDefinitions.BUCKETS);
      requireRange("NUMBER", number, 0, buckets.count() - 1);
      DatabaseSettings target = parse("--to ", () -> settings.parseDatabase(url));
      Logging.configure(settings.logging());
      DatabaseSettings[] addresses;
      try (CliDatabase database = CliDatabase.external(settings)) {
        addresses = database.byBucket().toArray(DatabaseSettings[]::new);
        new BucketMove(
                database.connect(addresses[number], settings.databaseVariable()),
                database.connect(target, "--to"),
                new BucketSchema(number, buckets))
            .run((table, rows) -> {
              out().printf("copied %s: %d rows%n", table, rows);
              out().flush();
            });
      }
      addresses[number] = target;
      out()
          .printf(
              "Moved bucket %d. Set RUNHOOK_BUCKET_URLS%s to this, with passwords, and start the"
                  + " servers:%n%s%n",
              number,
              settings.bucketDatabases().isEmpty() ? " instead of RUNHOOK_DATABASE_URL" : "",
              DatabaseSettings.formatBuckets(Arrays.asList(addresses)));
      out().flush();
      return EXIT_SUCCESS;
    }
  }
}
