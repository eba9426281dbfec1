package dev.runhook.bench.scenario;

import dev.runhook.bench.process.LaunchedServer;
import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Starts `./runhook serve` on a running PostgreSQL, with and without the AOT cache. Measures the
/// time until it is ready, and its memory when idle.
public final class StartupScenario implements Scenario {
  private static final double MEGABYTE = 1024 * 1024;
  private static final Duration IDLE_TIME = Duration.ofSeconds(8);

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Path launcher = Path.of(System.getProperty("runhook.home", "."), "runhook");
    String url = environment.postgres().createDatabase("startup");
    Table table = new Table(List.of("", "ready after ms", "MB when idle", "CPU s until idle"));
    for (String aotCache : List.of("on", "off")) {
      List<Double> ready = new ArrayList<>();
      List<Double> memory = new ArrayList<>();
      List<Double> cpu = new ArrayList<>();
      for (int round = 0; round <= options.rounds; round++) {
        try (LaunchedServer server =
            LaunchedServer.start(
                launcher, url, environment.folder(), Map.of("RUNHOOK_AOT", aotCache))) {
          double millis = server.readyAfter().toNanos() / 1e6;
          Sleeper.sleep(IDLE_TIME);
          double resident = ProcessUsage.residentBytes(server.pid()) / MEGABYTE;
          if (round > 0) { // the first round creates the tables and the AOT cache
            ready.add(millis);
            memory.add(resident);
            cpu.add(ProcessUsage.of(server.pid()).cpuSeconds());
            report.round(
                Map.of(
                    "aotCache", aotCache,
                    "readyMillis", millis,
                    "idleMegabytes", resident,
                    "load", MachineInfo.loadAverage()));
          }
        }
      }
      table.row(
          List.of(
              aotCache.equals("on") ? "AOT cache" : "no AOT cache",
              RoundResult.format(Statistics.median(ready)),
              RoundResult.format(Statistics.median(memory)),
              RoundResult.format(Statistics.median(cpu))));
    }
    report.paragraph(table);
  }
}
