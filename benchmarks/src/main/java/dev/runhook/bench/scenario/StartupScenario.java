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

/// `./runhook serve` on a PostgreSQL that runs: how long until it is ready, and how much memory it
/// has when nothing happens; with what was prepared for the start, and without.
public final class StartupScenario implements Scenario {
  private static final double MEGABYTE = 1024 * 1024;
  private static final Duration REST = Duration.ofSeconds(8);

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Path launcher = Path.of(System.getProperty("runhook.home", "."), "runhook");
    String url = environment.postgres().createDatabase("startup");
    Table table = new Table(List.of("", "ready after ms", "MB at rest", "CPU s until rest"));
    for (String prepared : List.of("on", "off")) {
      List<Double> ready = new ArrayList<>();
      List<Double> memory = new ArrayList<>();
      List<Double> cpu = new ArrayList<>();
      for (int round = 0; round <= options.rounds; round++) {
        try (LaunchedServer server =
            LaunchedServer.start(
                launcher, url, environment.folder(), Map.of("RUNHOOK_AOT", prepared))) {
          double millis = server.readyAfter().toNanos() / 1e6;
          Sleeper.sleep(REST);
          double resident = ProcessUsage.residentBytes(server.pid()) / MEGABYTE;
          if (round > 0) { // the first makes the tables, and what is prepared
            ready.add(millis);
            memory.add(resident);
            cpu.add(ProcessUsage.of(server.pid()).cpuSeconds());
            report.round(
                Map.of(
                    "prepared", prepared,
                    "readyMillis", millis,
                    "restMegabytes", resident,
                    "load", MachineInfo.loadAverage()));
          }
        }
      }
      table.row(
          List.of(
              prepared.equals("on") ? "prepared" : "not prepared",
              RoundResult.format(Statistics.median(ready)),
              RoundResult.format(Statistics.median(memory)),
              RoundResult.format(Statistics.median(cpu))));
    }
    report.paragraph(table);
  }
}
