package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Divides the buckets of a server over one, two and four PostgreSQL servers, and reports what each
/// of them does. All share the cores, so this shows how even the division is, not a speed.
public final class ClusterScenario implements Scenario {
  private static final List<Integer> SERVERS = List.of(1, 2, 4);
  private static final int BATCH = 100;
  private static final int DEFAULT_BUCKETS = 16;

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    SystemFactory systems =
        new SystemFactory(
            environment,
            new Dataset(options.stacks, options.runs, options.fanOut),
            options.clients,
            options.window);
    int buckets = options.buckets.isEmpty() ? DEFAULT_BUCKETS : options.buckets.getLast();
    Measurement measurement = new Measurement(environment, report);
    Table table = new Table(List.of("servers", "server", "buckets", "statements", "rows", "CPU s"));
    for (int count : SERVERS.stream().filter(servers -> servers <= buckets).toList()) {
      report.progress("starting " + count + " database servers");
      List<PostgresServer> servers = new ArrayList<>();
      try {
        for (int i = 1; i <= count; i++) {
          Path folder = environment.folder().resolve("servers-%d-%d".formatted(count, i));
          servers.add(environment.startPostgres(folder));
        }
        SystemFactory.RunningServer server = systems.server("cluster", servers, buckets);
        SystemUnderTest system = server.underLoad("Runhook, %d servers".formatted(count), BATCH);
        measurement.run(system, options.warmUp, options.warmUp * options.fanOut);
        servers.forEach(PostgresServer::trackStatements);
        List<Work> before = servers.stream().map(Work::of).toList();
        RoundResult result =
            measurement.run(system, options.transitions, options.transitions * options.fanOut);
        report.round(result.toJson(1));
        for (int i = 0; i < count; i++) {
          Work work = Work.of(servers.get(i)).since(before.get(i));
          table.row(
              List.of(
                  Integer.toString(count),
                  Integer.toString(i + 1),
                  Integer.toString(buckets / count),
                  Long.toString(work.statements()),
                  Long.toString(work.rows()),
                  RoundResult.formatFraction(work.cpuSeconds())));
        }
      } finally {
        servers.forEach(PostgresServer::close);
      }
    }
    report.paragraph(table);
  }

  /// What a database server has done so far.
  ///
  /// @param rows returned or changed
  private record Work(long statements, long rows, double cpuSeconds) {
    private static final String STATEMENTS =
        "select coalesce(sum(calls), 0) || ' ' || coalesce(sum(rows), 0) from pg_stat_statements";

    static Work of(PostgresServer server) {
      String[] counts = server.query("postgres", STATEMENTS).split(" ", 2);
      return new Work(
          Long.parseLong(counts[0]),
          Long.parseLong(counts[1]),
          ProcessUsage.ofProcessTree(server.pid()).cpuSeconds());
    }

    Work since(Work before) {
      return new Work(
          statements - before.statements, rows - before.rows, cpuSeconds - before.cpuSeconds);
    }
  }
}
