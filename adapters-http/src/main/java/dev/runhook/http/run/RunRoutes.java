package dev.runhook.http.run;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.RefusedException;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunHistory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs and their transitions at `/stacks/{stack}/runs`.
public final class RunRoutes {
  private static final String RUNS = "/runs";
  public static final String RUN = "/runs/{run}";

  private final RunJournal journal;

  public RunRoutes(RunJournal journal) {
    this.journal = journal;
  }

  /// The current state of a run. Unknown values are null.
  record RunJson(
      String id,
      String stack,
      RunType type,
      String branch,
      CommitJson commit,
      @Nullable String triggeredBy,
      Instant createdAt,
      @Nullable Delta delta,
      @Nullable String url,
      @Nullable Boolean driftDetection,
      @Nullable String command,
      RunState state,
      long stateVersion) {
    static RunJson of(Run run) {
      return new RunJson(
          run.id().name(),
          run.id().stack().slug(),
          run.details().type(),
          run.details().branch(),
          CommitJson.of(run.details().commit()),
          run.details().triggeredBy().orElse(null),
          run.createdAt(),
          run.delta().orElse(null),
          run.details().url().orElse(null),
          run.details().driftDetection().orElse(null),
          run.details().command().orElse(null),
          run.progress().state(),
          run.progress().version());
    }

    record CommitJson(
        String hash,
        String message,
        String authorName,
        @Nullable String authorLogin,
        @Nullable Instant timestamp,
        @Nullable String url) {
      static CommitJson of(Commit commit) {
        return new CommitJson(
            commit.hash(),
            commit.message(),
            commit.authorName(),
            commit.authorLogin().orElse(null),
            commit.timestamp().orElse(null),
            commit.url().orElse(null));
      }
    }
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
      boolean expected,
      @Nullable Delta delta,
      @Nullable String note) {
    static TransitionJson of(Transition transition) {
      return new TransitionJson(
          transition.state(),
          transition.version(),
          transition.occurredAt(),
          transition.expected(),
          transition.delta().orElse(null),
          transition.note().orElse(null));
    }
  }

  /// @param deliveries the number of deliveries that the transition created
  record RecordedTransitionJson(
      String run,
      RunState state,
      long stateVersion,
      Instant timestamp,
      boolean expected,
      int deliveries) {
    static RecordedTransitionJson of(Recorded recorded) {
      Transition transition = recorded.transition();
      return new RecordedTransitionJson(
          transition.run().name(),
          transition.state(),
          transition.version(),
          transition.occurredAt(),
          transition.expected(),
          recorded.deliveryCount());
    }
  }

  public void mount(Routes routes) {
    routes.stack(POST, RUNS, Role.WRITER, this::start);
    routes.stack(GET, RUNS, Role.READER, this::list);
    routes.stack(
        GET,
        RUN,
        Role.READER,
        (request, stack) -> ApiResponse.ok(RunHistoryJson.of(journal.run(id(request, stack)))));
    routes.stack(POST, RUN + "/transitions", Role.WRITER, this::record);
  }

  private ApiResponse start(ApiRequest request, StackId stack) {
    NewRun newRun =
        request.readBody(
            fields -> RunRequestParser.parseNewRun(fields, stack, journal::nextRunName));
    Recorded recorded =
        journal.within(request.scope()).start(newRun.withTrace(request.findTrace()));
    return created(recorded, RunJson.of(recorded.run()));
  }

  private ApiResponse record(ApiRequest request, StackId stack) {
    RunId run = id(request, stack);
    TransitionReport report =
        request.readBody(fields -> RunRequestParser.parseTransition(fields, run));
    Recorded recorded =
        journal.within(request.scope()).record(report.withTrace(request.findTrace()));
    return created(recorded, RecordedTransitionJson.of(recorded));
  }

  private ApiResponse list(ApiRequest request, StackId stack) {
    return Pagination.respond(request.query(), page -> journal.runs(stack, page), RunJson::of);
  }

  private static ApiResponse created(Recorded recorded, Object json) {
    RunId run = recorded.run().id();
    return recorded.duplicate()
        ? ApiResponse.ok(json)
        : ApiResponse.of(201, json)
            .withLocation("/stacks/" + run.stack().slug() + "/runs/" + run.name());
  }

  /// Returns the run id in the path.
  ///
  /// @throws RefusedException if it is not a valid run id
  public static RunId id(ApiRequest request, StackId stack) {
    String name = request.pathParameter("run");
    try {
      return new RunId(stack, name);
    } catch (IllegalArgumentException _) {
      throw new RefusedException(new NoSuchRun(name));
    }
  }
}
