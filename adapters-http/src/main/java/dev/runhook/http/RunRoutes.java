package dev.runhook.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.RefusedException;
import dev.runhook.application.run.Recorded;
import dev.runhook.application.run.RunHistory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.Started;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import dev.runhook.domain.run.Transition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/stacks/{stack}/runs`: what happens to runs.
final class RunRoutes {
  private static final String RUNS = "/runs";
  static final String RUN = "/runs/{run}";

  private final RunJournal journal;

  RunRoutes(RunJournal journal) {
    this.journal = journal;
  }

  record RunHistoryJson(@JsonUnwrapped RunJson run, List<TransitionJson> transitions) {
    static RunHistoryJson of(RunHistory history) {
      return new RunHistoryJson(
          RunJson.of(history.run()),
          history.transitions().stream().map(TransitionJson::of).toList());
    }
  }

  record TransitionJson(
      RunState state,
      long stateVersion,
      Instant timestamp,
      boolean usual,
      @Nullable Delta delta,
      @Nullable String note) {
    static TransitionJson of(Transition told) {
      return new TransitionJson(
          told.state(),
          told.version(),
          told.at(),
          told.usual(),
          told.delta().orElse(null),
          told.note().orElse(null));
    }
  }

  /// @param deliveries how many were created for it
  record RecordedJson(
      String run,
      RunState state,
      long stateVersion,
      Instant timestamp,
      boolean usual,
      int deliveries) {
    static RecordedJson of(Recorded recorded) {
      return new RecordedJson(
          recorded.run().name(),
          recorded.state(),
          recorded.version(),
          recorded.at(),
          recorded.transition().usual(),
          recorded.deliveries());
    }
  }

  void mount(Routes routes) {
    routes.stack(POST, RUNS, Role.WRITER, this::start);
    routes.stack(GET, RUNS, Role.READER, this::list);
    routes.stack(
        GET,
        RUN,
        Role.READER,
        (call, stack) -> Answer.ok(RunHistoryJson.of(journal.run(id(call, stack)))));
    routes.stack(POST, RUN + "/transitions", Role.WRITER, this::record);
  }

  private Answer start(Call call, StackId stack) {
    Start start = call.body(fields -> Reports.start(fields, stack, journal::nextRunName));
    Started started = journal.start(start.traced(call.findTrace()));
    return created(started.first(), RunJson.of(started.run()));
  }

  private Answer record(Call call, StackId stack) {
    RunId run = id(call, stack);
    Report report = call.body(fields -> Reports.report(fields, run));
    Recorded recorded = journal.record(report.traced(call.findTrace()));
    return created(recorded, RecordedJson.of(recorded));
  }

  private Answer list(Call call, StackId stack) {
    return Pages.answer(call.parameters(), page -> journal.runs(stack, page), RunJson::of);
  }

  private static Answer created(Recorded recorded, Object json) {
    RunId run = recorded.run();
    return recorded.repeated()
        ? Answer.ok(json)
        : Answer.of(201, json).located("/stacks/" + run.stack().slug() + "/runs/" + run.name());
  }

  /// The run of the path; a refusal where there can be none of that name.
  static RunId id(Call call, StackId stack) {
    String name = call.path("run");
    try {
      return new RunId(stack, name);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchRun(name));
    }
  }
}
