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

/// Reports of transitions of many runs in one request, at `/transitions`.
public final class TransitionBatchRoutes {
  private static final int MAX_ITEMS = 1_000;

  private final RunJournal journal;
  private final Access access;

  public TransitionBatchRoutes(RunJournal journal, Access access) {
    this.journal = journal;
    this.access = access;
  }

  /// The result of each item in order: a [RecordedItemJson] or a [Problem].
  record BatchResultJson(List<Object> items) {}

  /// @param status the status that a request for this item alone would have returned
  record RecordedItemJson(int status, @JsonUnwrapped RunRoutes.RecordedTransitionJson recorded) {
    static RecordedItemJson of(Recorded recorded) {
      return new RecordedItemJson(
          recorded.duplicate() ? 200 : 201, RunRoutes.RecordedTransitionJson.of(recorded));
    }
  }

  /// A decoded item: a report, or the problem with it.
  private record ParsedItem(Optional<TransitionReport> report, Optional<Problem> problem) {}

  public void mount(Routes routes) {
    routes.account(POST, "/transitions", Role.WRITER, this::record);
  }

  private ApiResponse record(ApiRequest request) {
    List<JsonBodyReader.Item> items = request.readItems(MAX_ITEMS);
    access.consume(request.grant(), Math.max(0, items.size() - 1));
    List<ParsedItem> parsed = items.stream().map(item -> parse(item, request)).toList();
    Iterator<RecordResult> results =
        journal
            .within(request.scope())
            .recordAll(parsed.stream().flatMap(item -> item.report().stream()).toList())
            .iterator();
    List<Object> json = new ArrayList<>(parsed.size());
    for (ParsedItem item : parsed) {
      json.add(
          item.problem().<Object>map(it -> it).orElseGet(() -> toJson(results.next(), request)));
    }
    return ApiResponse.ok(new BatchResultJson(json));
  }

  private ParsedItem parse(JsonBodyReader.Item item, ApiRequest request) {
    try {
      TransitionReport report =
          item.decode(fields ->
              RunRequestParser.parseBatchItem(
                  fields, slug -> access.authorize(request.grant(), Role.WRITER, slug)));
      return new ParsedItem(Optional.of(report), Optional.empty());
    } catch (RuntimeException e) {
      return new ParsedItem(Optional.empty(), Optional.of(request.toProblem(e)));
    }
  }

  private static Object toJson(RecordResult result, ApiRequest request) {
    return switch (result) {
      case Recorded recorded -> RecordedItemJson.of(recorded);
      case RecordResult.Rejected(var refusal) -> ProblemMapper.toProblem(refusal);
      case RecordResult.Failed(var failure) -> request.toProblem(failure);
    };
  }
}
