package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.scenario.Comparison.Participant;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.PeerQueue;
import dev.runhook.bench.system.SystemFactory;
import java.util.ArrayList;
import java.util.List;

/// Delivers a backlog, all of which must be claimed.
public final class DrainScenario implements Scenario {
  @Override
  public String name() {
    return "drain";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    List<Participant> all = new ArrayList<>();
    all.add(new Participant(systems.bare(), 1, 1, options.warmUp));
    if (options.measures(SystemFactory.BACKLOG)) {
      all.add(
          new Participant(
              systems.backlog("drain"), 1, 1, Math.min(options.warmUp, options.runs * 4)));
    }
    PeerQueue.ALL.stream()
        .filter(peer -> options.measures(peer.name()))
        .forEach(peer -> all.add(Participant.peer(systems.queueBacklog(peer), options)));
    new Comparison(new Measurement(environment, report), all).run(options, report);
  }
}
