package dev.runhook.bench;

import dev.runhook.bench.process.BusyLoops;
import dev.runhook.bench.report.Disturbance;
import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.scenario.BurstScenario;
import dev.runhook.bench.scenario.ClusterScenario;
import dev.runhook.bench.scenario.DeliveryScenario;
import dev.runhook.bench.scenario.DrainScenario;
import dev.runhook.bench.scenario.HistoryScenario;
import dev.runhook.bench.scenario.InboxScenario;
import dev.runhook.bench.scenario.JmhScenario;
import dev.runhook.bench.scenario.NodesScenario;
import dev.runhook.bench.scenario.Options;
import dev.runhook.bench.scenario.OverloadScenario;
import dev.runhook.bench.scenario.PacedScenario;
import dev.runhook.bench.scenario.Scenario;
import dev.runhook.bench.scenario.SlowReceiversScenario;
import dev.runhook.bench.scenario.StartupScenario;
import dev.runhook.bench.system.Environment;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of `./runhook bench`.
@Command(
    name = "runhook bench",
    description = "Measures Runhook on this machine and compares it with simpler systems.",
    mixinStandardHelpOptions = true,
    footer = {"", "docs/internals/performance.md describes each benchmark and the method."})
public final class Main implements Callable<Integer> {
  private static final List<Scenario> SCENARIOS =
      List.of(
          new DeliveryScenario(),
          new DrainScenario(),
          new NodesScenario(),
          new ClusterScenario(),
          new PacedScenario(),
          new SlowReceiversScenario(),
          new OverloadScenario(),
          new HistoryScenario(),
          new BurstScenario(),
          new InboxScenario(),
          new StartupScenario(),
          new JmhScenario());

  /// The benchmarks of `bench all`, in the order in which they run.
  private static final List<String> ALL =
      List.of(
          "delivery",
          "drain",
          "nodes",
          "paced",
          "slow-receivers",
          "burst",
          "history",
          "inbox",
          "startup",
          "jmh");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Options options = new Options();

  @Parameters(
      arity = "0..*",
      paramLabel = "BENCHMARK",
      description =
          "One or more of: delivery, drain, nodes, cluster, paced, slow-receivers, overload, history, burst, inbox,"
              + " startup, jmh."
              + " Or all, which takes about 15 minutes and uses a shorter history.")
  private List<String> requested = List.of();

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler((exception, _) -> {
          PrintWriter err = exception.getCommandLine().getErr();
          err.println("runhook: " + exception.getMessage() + "; see ./runhook bench --help");
          return CommandLine.ExitCode.USAGE;
        });
  }

  @Override
  public Integer call() {
    if (requested.isEmpty()) {
      printNames(spec.commandLine().getOut());
      return 0;
    }
    boolean failed = false;
    // only once, because each benchmark raises the load before the next one
    Optional<String> load = Disturbance.ofLoad(MachineInfo.loadAverage());
    List<String> names = requested;
    if (requested.equals(List.of("all"))) {
      options.shorten();
      names = ALL;
    }
    for (String name : names) {
      Scenario scenario =
          SCENARIOS.stream()
              .filter(candidate -> candidate.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new CommandLine.ParameterException(
                      spec.commandLine(), "unknown benchmark \"" + name + "\""));
      failed |= !tryToMeasure(scenario, load);
    }
    return failed ? 1 : 0;
  }

  private static void printNames(PrintWriter out) {
    out.println("The benchmarks, which docs/internals/performance.md describes:");
    SCENARIOS.forEach(scenario -> out.println("  " + scenario.name()));
    out.println("Run one with ./runhook bench delivery; see ./runhook bench --help");
    out.flush();
  }

  /// Returns whether the benchmark succeeded. A failure does not stop the other benchmarks.
  private boolean tryToMeasure(Scenario scenario, Optional<String> load) {
    try {
      return !measure(scenario, load).hasFailures();
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println("bench " + scenario.name() + " failed: " + e);
      e.printStackTrace(spec.commandLine().getErr());
      return false;
    }
  }

  private Report measure(Scenario scenario, Optional<String> load) {
    Report report = new Report(scenario.name(), spec.commandLine().getErr());
    load.ifPresent(report::disturbance);
    String cpuTimes = MachineInfo.cpuTimes();
    try (Environment environment = Environment.open(options.folder(), scenario.capacity(options));
        BusyLoops _ = BusyLoops.start(options.busy())) {
      report
          .fact("machine", MachineInfo.facts(environment.folder()))
          .fact("postgres", environment.postgres().settings())
          .fact("options", options.toString());
      scenario.measure(environment, options, report);
      report.fact("load after", MachineInfo.loadAverage());
    }
    Disturbance.ofSteal(cpuTimes, MachineInfo.cpuTimes()).ifPresent(report::disturbance);
    report.save(options.folder());
    report.print(spec.commandLine().getOut());
    return report;
  }
}
