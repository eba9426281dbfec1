package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Machine;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Statistics;
import dev.runhook.bench.measure.Table;
import dev.runhook.bench.process.Launched;
import dev.runhook.bench.process.Usage;
import dev.runhook.bench.subject.Site;
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
  public void measure(Site site, Options options, Report report) {
    Path launcher = Path.of(System.getProperty("runhook.home", "."), "runhook");
    String url = site.cluster().create("startup");
    Table table = new Table(List.of("", "ready after ms", "MB at rest", "CPU s until rest"));
    for (String prepared : List.of("on", "off")) {
      List<Double> ready = new ArrayList<>();
      List<Double> memory = new ArrayList<>();
      List<Double> cpu = new ArrayList<>();
      for (int round = 0; round <= options.rounds; round++) {
        try (Launched server =
            Launched.serve(launcher, url, site.folder(), Map.of("RUNHOOK_AOT", prepared))) {
          double millis = server.readyAfter().toNanos() / 1e6;
          Pause.of(REST);
          double resident = Usage.residentBytes(server.pid()) / MEGABYTE;
          if (round > 0) { // the first makes the tables, and what is prepared
            ready.add(millis);
            memory.add(resident);
            cpu.add(Usage.of(server.pid()).cpuSeconds());
            report.round(
                Map.of(
                    "prepared", prepared,
                    "readyMillis", millis,
                    "restMegabytes", resident,
                    "load", Machine.loadAverage()));
          }
        }
      }
      table.row(
          List.of(
              prepared.equals("on") ? "prepared" : "not prepared",
              Figures.text(Statistics.median(ready)),
              Figures.text(Statistics.median(memory)),
              Figures.text(Statistics.median(cpu))));
    }
    report.say(table);
  }
}
