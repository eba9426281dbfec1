package dev.runhook.bench;

import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.scenario.BurstScenario;
import dev.runhook.bench.scenario.DeliveryScenario;
import dev.runhook.bench.scenario.DrainScenario;
import dev.runhook.bench.scenario.HistoryScenario;
import dev.runhook.bench.scenario.JmhScenario;
import dev.runhook.bench.scenario.Options;
import dev.runhook.bench.scenario.PacedScenario;
import dev.runhook.bench.scenario.Scenario;
import dev.runhook.bench.scenario.SlowReceiversScenario;
import dev.runhook.bench.scenario.StartupScenario;
import dev.runhook.bench.system.Environment;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of the measurements.
@Command(
    name = "runhook bench",
    description = "Measures Runhook against what this machine can do.",
    mixinStandardHelpOptions = true,
    footer = {"", "docs/performance.md says what is measured and how."})
public final class Main implements Callable<Integer> {
  private static final List<Scenario> SCENARIOS =
      List.of(
          new DeliveryScenario(),
          new DrainScenario(),
          new PacedScenario(),
          new SlowReceiversScenario(),
          new HistoryScenario(),
          new BurstScenario(),
          new StartupScenario(),
          new JmhScenario());

  /// Those that take a quarter of an hour together. Ten million rows take longer: `bench history`.
  private static final List<String> ALL =
      List.of("delivery", "drain", "trickle", "sick", "burst", "history", "startup", "jmh");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Options options = new Options();

  @Parameters(
      arity = "1..*",
      paramLabel = "WHAT",
      description =
          "delivery, drain, trickle, sick, history, burst, startup, jmh; several are measured one after the other. Or all, which takes a quarter of an hour, with a shorter history")
  private List<String> what = List.of();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main())
            .setParameterExceptionHandler((wrong, _) -> {
              PrintWriter err = wrong.getCommandLine().getErr();
              err.println("runhook: " + wrong.getMessage() + "; see ./runhook bench --help");
              return CommandLine.ExitCode.USAGE;
            })
            .execute(arguments));
  }

  @Override
  public Integer call() {
    boolean failed = false;
    List<String> names = what;
    if (what.equals(List.of("all"))) {
      options.shorten();
      names = ALL;
    }
    for (String name : names) {
      Scenario scenario =
          SCENARIOS.stream()
              .filter(one -> one.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new CommandLine.ParameterException(
                      spec.commandLine(), "there is no bench \"" + name + "\""));
      failed |= !measured(scenario);
    }
    return failed ? 1 : 0;
  }

  /// One that fails does not keep the others from being measured.
  private boolean measured(Scenario scenario) {
    try {
      measure(scenario);
      return true;
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println("bench " + scenario.name() + " failed: " + e);
      e.printStackTrace(spec.commandLine().getErr());
      return false;
    }
  }

  private void measure(Scenario scenario) {
    Report report = new Report(scenario.name(), spec.commandLine().getErr());
    try (Environment environment = Environment.open(options.folder(), options.capacity())) {
      report
          .fact("machine", MachineInfo.facts(environment.folder()))
          .fact("postgres", environment.postgres().settings())
          .fact("options", options.toString());
      scenario.measure(environment, options, report);
      report.fact("load after", MachineInfo.loadAverage());
    }
    report.save(options.folder());
    report.print(spec.commandLine().getOut());
  }
}
