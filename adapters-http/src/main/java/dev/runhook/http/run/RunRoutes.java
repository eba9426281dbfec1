package dev.runhook.http.run;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.access.Access;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.refusal.Refusal.NoSuchRun;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.RunJournal.RunHistory;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.ProblemMapper;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.json.QueryReader.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Routes for runs and their transitions at `/stacks/{stack}/runs`, for the runs of all stacks at
/// `/runs`, and for reports of many transitions in one request at `/transitions`.
public final class RunRoutes {
  private static final String RUNS = "/runs";
  public static final String RUN = "/runs/{run}";

  private static final int MAX_BATCH_ITEMS = 1_000;

  private final RunJournal journal;
  private final Access access;

  public RunRoutes(RunJournal journal, Access access) {
    this.journal = journal;
    this.access = access;
  }

  /// The current state of a run. Unknown values are null.
  record RunJson(
      String id,
      StackId stack,
      @JsonUnwrapped RunDetails details,
      Instant createdAt,
      Optional<Delta> delta,
      RunState state,
      long stateVersion) {
    static RunJson of(Run run) {
      return new RunJson(
          run.id().name(),
          run.id().stack(),
          run.details(),
          run.createdAt(),
          run.delta(),
          run.progress().state(),
          run.progress().version());
    }
  }

  /// @param transitions the latest ones, ordered by version
  /// @param nextTransitions the cursor of the earlier ones in the list of transitions
  record RunHistoryJson(
      @JsonUnwrapped RunJson run,
      List<TransitionJson> transitions,
      Optional<String> nextTransitions) {
    static RunHistoryJson of(RunHistory history) {
      return new RunHistoryJson(
          RunJson.of(history.run()),
          history.transitions().items().reversed().stream().map(TransitionJson::of).toList(),
          Pagination.encodeNext(history.transitions()));
    }
  }

  record TransitionJson(
      RunState state,
      long stateVersion,
      Instant timestamp,
      boolean expected,
      Optional<Delta> delta,
      Optional<String> note,
      Optional<Integer> changeCount) {
    static TransitionJson of(Transition transition) {
      return new TransitionJson(
          transition.state(),
          transition.version(),
          transition.occurredAt(),
          transition.expected(),
          transition.delta(),
          transition.note(),
          transition.changes().map(changes -> changes.items().size()));
    }
  }

  /// Each value is null if no list was reported.
  record ChangesJson(
      Optional<Long> stateVersion,
      Optional<List<ChangeJson>> changes,
      Optional<Boolean> changesTruncated) {
    static ChangesJson of(Optional<Transition> transition) {
      Optional<ResourceChanges> changes = transition.flatMap(Transition::changes);
      return new ChangesJson(
          transition.filter(ignored -> changes.isPresent()).map(Transition::version),
          changes.map(list -> list.items().stream().map(ChangeJson::of).toList()),
          changes.map(ResourceChanges::truncated));
    }
  }

  record ChangeJson(String address, String type, String action) {
    static ChangeJson of(ResourceChange change) {
      return new ChangeJson(change.address(), change.type(), change.action().wireName());
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

  record BatchResultJson(List<BatchItemJson> items) {}

  /// The result of one item. Either the problem is null, or everything except the status.
  ///
  /// @param status the status that a request for this item alone would have returned
  record BatchItemJson(
      int status,
      Optional<String> run,
      Optional<RunState> state,
      Optional<Long> stateVersion,
      Optional<Instant> timestamp,
      Optional<Boolean> expected,
      Optional<Integer> deliveries,
      Optional<Problem> problem) {
    static BatchItemJson of(Recorded recorded) {
      RecordedTransitionJson json = RecordedTransitionJson.of(recorded);
      return new BatchItemJson(
          recorded.duplicate() ? 200 : 201,
          Optional.of(json.run()),
          Optional.of(json.state()),
          Optional.of(json.stateVersion()),
          Optional.of(json.timestamp()),
          Optional.of(json.expected()),
          Optional.of(json.deliveries()),
          Optional.empty());
    }

    static BatchItemJson of(Problem problem) {
      return new BatchItemJson(
          problem.status(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(problem));
    }
  }

  public void mount(Routes routes) {
    routes.stack(POST, RUNS, Role.WRITER, this::start);
    routes.stack(GET, RUNS, Role.READER, this::list);
    routes.account(GET, RUNS, Role.READER, this::listOfAccount);
    routes.stack(
        GET,
        RUN,
        Role.READER,
        (request, stack) -> ApiResponse.ok(RunHistoryJson.of(journal.run(id(request, stack)))));
    routes.stack(GET, RUN + "/transitions", Role.READER, this::transitions);
    routes.stack(GET, RUN + "/changes", Role.READER, this::changes);
    routes.stackReports(RUN + "/transitions", Role.WRITER, this::record);
    routes.accountReports("/transitions", Role.WRITER, this::recordBatch);
  }

  private ApiResponse start(ApiRequest request, StackId stack) {
    access.acquireTransitions(request.grant().account(), 1);
    NewRun newRun =
        request.readBody(
            fields -> RunRequestParser.parseNewRun(fields, stack, journal::nextRunName));
    Recorded recorded =
        journal.within(request.scope()).start(newRun.withTrace(request.findTrace()));
    return created(recorded, RunJson.of(recorded.run()));
  }

  private ApiResponse record(ApiRequest request, StackId stack) {
    RunId run = id(request, stack);
    access.acquireTransitions(request.grant().account(), 1);
    TransitionReport report =
        request.readBody(fields -> RunRequestParser.parseTransition(fields, run));
    Recorded recorded =
        journal.within(request.scope()).record(report.withTrace(request.findTrace()));
    return created(recorded, RecordedTransitionJson.of(recorded));
  }

  private ApiResponse recordBatch(ApiRequest request) {
    List<TransitionReport> reports = new ArrayList<>();
    List<Optional<Problem>> problems =
        request.readItems(MAX_BATCH_ITEMS, item -> parse(item, request, reports));
    access.acquireTransitions(request.grant().account(), problems.size());
    Iterator<RecordResult> results = journal.within(request.scope()).recordAll(reports).iterator();
    return ApiResponse.ok(
        new BatchResultJson(
            problems.stream()
                .map(problem ->
                    problem.map(BatchItemJson::of).orElseGet(() -> toJson(results.next(), request)))
                .toList()));
  }

  /// Adds the report in the item to `reports`, or returns the problem with the item.
  private Optional<Problem> parse(
      JsonBodyReader.Item item, ApiRequest request, List<TransitionReport> reports) {
    Function<String, StackId> authorize =
        slug -> access.authorize(request.grant(), Role.WRITER, slug);
    try {
      reports.add(item.decode(fields -> RunRequestParser.parseBatchItem(fields, authorize)));
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(request.toProblem(e));
    }
  }

  private static BatchItemJson toJson(RecordResult result, ApiRequest request) {
    return switch (result) {
      case Recorded recorded -> BatchItemJson.of(recorded);
      case RecordResult.Rejected(var refusal) -> BatchItemJson.of(ProblemMapper.toProblem(refusal));
      case RecordResult.Failed(var failure) -> BatchItemJson.of(request.toProblem(failure));
    };
  }

  private ApiResponse list(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    RunFilter filter = filter(query);
    return Pagination.respond(query, page -> journal.runs(stack, filter, page), RunJson::of);
  }

  private ApiResponse listOfAccount(ApiRequest request) {
    QueryReader query = request.query();
    StackScope stackScope = request.findStackScope(query);
    RunFilter filter = filter(query);
    return Pagination.respond(
        query,
        page -> journal.runs(request.grant().account(), stackScope, filter, page),
        RunJson::of);
  }

  public static RunFilter filter(QueryReader query) {
    Optional<RunState> state =
        query.find("state", name -> Decoder.enumConstant(RunState.class, name));
    Optional<RunType> type = query.find("type", name -> Decoder.enumConstant(RunType.class, name));
    Optional<String> branch = query.find("branch", name -> text("a branch", name));
    Optional<String> prefix = query.find("idPrefix", start -> text("a prefix", start));
    Optional<String> commit = query.find("commit", start -> text("a prefix", start));
    TimeRange range = query.findTimeRange();
    return new RunFilter(state, type, branch, prefix, commit, range.from(), range.to());
  }

  private static String text(String what, String text) {
    TextLimits.requireNonBlank(what, text, TextLimits.MAX_NAME);
    return text;
  }

  private ApiResponse changes(ApiRequest request, StackId stack) {
    RunId run = id(request, stack);
    QueryReader query = request.query();
    Optional<Long> version = query.find("stateVersion", RunRoutes::version);
    query.requireValid();
    return ApiResponse.ok(ChangesJson.of(journal.findChanges(run, version)));
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException ignored) {
      throw new IllegalArgumentException("must be an integer");
    }
  }

  private ApiResponse transitions(ApiRequest request, StackId stack) {
    RunId run = id(request, stack);
    return Pagination.respond(
        request.query(), page -> journal.run(run, page).transitions(), TransitionJson::of);
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
    } catch (IllegalArgumentException ignored) {
      throw new RefusedException(new NoSuchRun(name));
    }
  }
}
