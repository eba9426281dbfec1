package dev.runhook.http.run;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.access.Access;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ProblemMapper;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.Problem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// `/transitions`: what happened to many runs, in one request.
public final class TransitionBatchRoutes {
  private static final int MOST = 1_000;

  private final RunJournal journal;
  private final Access access;

  public TransitionBatchRoutes(RunJournal journal, Access access) {
    this.journal = journal;
    this.access = access;
  }

  /// What became of the items, in their order: [RecordedItemJson] or [Problem] each.
  record BatchResultJson(List<Object> items) {}

  /// @param status that a request for this item alone would have been answered with
  record RecordedItemJson(int status, @JsonUnwrapped RunRoutes.RecordedTransitionJson recorded) {
    static RecordedItemJson of(Recorded recorded) {
      return new RecordedItemJson(
          recorded.duplicate() ? 200 : 201, RunRoutes.RecordedTransitionJson.of(recorded));
    }
  }

  /// An item as it was read: a report, or what is wrong with it.
  private record ParsedItem(Optional<TransitionReport> report, Optional<Problem> problem) {}

  public void mount(Routes routes) {
    routes.account(POST, "/transitions", Role.WRITER, this::record);
  }

  private ApiResponse record(ApiRequest apiRequest) {
    List<JsonBodyReader.Item> items = apiRequest.readItems(MOST);
    access.consume(apiRequest.grant(), Math.max(0, items.size() - 1));
    List<ParsedItem> read = items.stream().map(item -> read(item, apiRequest)).toList();
    Iterator<RecordResult> entries =
        journal
            .recordAll(read.stream().flatMap(item -> item.report().stream()).toList())
            .iterator();
    List<Object> results = new ArrayList<>(read.size());
    for (ParsedItem item : read) {
      results.add(
          item.problem().<Object>map(it -> it).orElseGet(() -> told(entries.next(), apiRequest)));
    }
    return ApiResponse.ok(new BatchResultJson(results));
  }

  private ParsedItem read(JsonBodyReader.Item item, ApiRequest apiRequest) {
    try {
      TransitionReport transitionReport =
          item.decode(jsonObjectReader ->
              RunRequestParser.parseBatchItem(
                  jsonObjectReader,
                  slug -> access.authorize(apiRequest.grant(), Role.WRITER, slug)));
      return new ParsedItem(Optional.of(transitionReport), Optional.empty());
    } catch (RuntimeException e) {
      return new ParsedItem(Optional.empty(), Optional.of(apiRequest.toProblem(e)));
    }
  }

  private static Object told(RecordResult recordResult, ApiRequest apiRequest) {
    return switch (recordResult) {
      case Recorded recorded -> RecordedItemJson.of(recorded);
      case RecordResult.Rejected(var refusal) -> ProblemMapper.toProblem(refusal);
      case RecordResult.Failed(var failure) -> apiRequest.toProblem(failure);
    };
  }
}
