package dev.runhook.http;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.access.Access;
import dev.runhook.application.run.BulkJournal;
import dev.runhook.application.run.Entry;
import dev.runhook.application.run.Recorded;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Report;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// `/transitions`: what happened to many runs, in one request.
final class TransitionRoutes {
  private static final int MOST = 1_000;

  private final BulkJournal journal;
  private final Access access;

  TransitionRoutes(BulkJournal journal, Access access) {
    this.journal = journal;
    this.access = access;
  }

  /// What became of the items, in their order: [RecordedItem] or [Problem] each.
  record Items(List<Object> items) {}

  /// @param status that a request for this item alone would have been answered with
  record RecordedItem(int status, @JsonUnwrapped RunRoutes.RecordedJson recorded) {
    static RecordedItem of(Recorded recorded) {
      return new RecordedItem(recorded.repeated() ? 200 : 201, RunRoutes.RecordedJson.of(recorded));
    }
  }

  /// An item as it was read: a report, or what is wrong with it.
  private record Read(Optional<Report> report, Optional<Problem> problem) {}

  void mount(Routes routes) {
    routes.account(POST, "/transitions", Role.WRITER, this::record);
  }

  private Answer record(Call call) {
    List<Bodies.Item> items = call.items(MOST);
    access.charge(call.grant(), Math.max(0, items.size() - 1));
    List<Read> read = items.stream().map(item -> read(item, call)).toList();
    Iterator<Entry> entries =
        journal.record(read.stream().flatMap(item -> item.report().stream()).toList()).iterator();
    List<Object> results = new ArrayList<>(read.size());
    for (Read item : read) {
      results.add(item.problem().<Object>map(it -> it).orElseGet(() -> told(entries.next(), call)));
    }
    return Answer.ok(new Items(results));
  }

  private Read read(Bodies.Item item, Call call) {
    try {
      Report report =
          item.read(fields ->
              Reports.item(fields, slug -> access.permit(call.grant(), Role.WRITER, slug)));
      return new Read(Optional.of(report), Optional.empty());
    } catch (RuntimeException e) {
      return new Read(Optional.empty(), Optional.of(call.problem(e)));
    }
  }

  private static Object told(Entry entry, Call call) {
    return switch (entry) {
      case Entry.Kept(Recorded recorded) -> RecordedItem.of(recorded);
      case Entry.Declined(var refusal) -> Problems.problem(refusal);
      case Entry.Failed(var failure) -> call.problem(failure);
    };
  }
}
