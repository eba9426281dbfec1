package dev.runhook.http;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunSubject;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads what a reporter says of runs.
final class Reports {
  private static final Form<Long> COUNT = Form.wholeFrom(0);
  private static final Form<Long> VERSION = Form.wholeFrom(1);

  private Reports() {}

  /// @param nextName names the run where the reporter does not
  static Optional<Start> start(Fields fields, StackId stack, Supplier<String> nextName) {
    Optional<RunId> id = fields.given("id", Form.STRING.as(name -> new RunId(stack, name)));
    Optional<RunSubject> subject = subject(fields);
    Optional<Instant> createdAt = fields.optional("createdAt", Form.TIME);
    Optional<RunState> state = fields.given("state", Form.oneOf(RunState.class));
    Told told = Told.in(fields);
    return fields.make(() -> {
      RunId run = id.orElseGet(() -> new RunId(stack, nextName.get()));
      return new Start(
          subject.orElseThrow(), createdAt, told.report(run, state.orElse(RunState.QUEUED)));
    });
  }

  static Optional<Report> report(Fields fields, RunId run) {
    Optional<RunState> state = fields.required("state", Form.oneOf(RunState.class));
    Told told = Told.in(fields);
    return fields.make(() -> told.report(run, state.orElseThrow()));
  }

  /// As an item among others, which names its stack and run by itself.
  ///
  /// @param permitted the stack of that slug, if the bearer may report of it
  static Optional<Report> item(Fields fields, Function<String, StackId> permitted) {
    Optional<StackId> stack = fields.required("stack", Form.STRING.as(permitted));
    Optional<String> name = fields.required("run", Form.STRING);
    Optional<RunState> state = fields.required("state", Form.oneOf(RunState.class));
    Told told = Told.in(fields);
    return fields.make(
        () -> told.report(new RunId(stack.orElseThrow(), name.orElseThrow()), state.orElseThrow()));
  }

  /// What may be told with any state.
  private record Told(
      Optional<Long> version, Optional<Instant> at, Optional<Delta> delta, Optional<String> note) {
    static Told in(Fields fields) {
      return new Told(
          fields.given("stateVersion", VERSION),
          fields.optional("timestamp", Form.TIME),
          fields.optional("delta", Form.object(Reports::delta)),
          fields.optional("note", Form.TEXT));
    }

    Report report(RunId run, RunState state) {
      OptionalLong number = version.map(OptionalLong::of).orElse(OptionalLong.empty());
      return new Report(run, state, number, at, delta, note);
    }
  }

  private static Optional<RunSubject> subject(Fields fields) {
    Optional<RunType> type = fields.given("type", Form.oneOf(RunType.class));
    Optional<String> branch = fields.required("branch", Form.NON_BLANK_TEXT);
    Optional<Commit> commit = fields.required("commit", Form.object(Reports::commit));
    Optional<String> triggeredBy = fields.optional("triggeredBy", Form.TEXT);
    Optional<String> url = fields.optional("url", Form.TEXT);
    Optional<Boolean> driftDetection = fields.optional("driftDetection", Form.FLAG);
    Optional<String> command = fields.optional("command", Form.TEXT);
    return branch.flatMap(name ->
        commit.map(made ->
            new RunSubject(
                type.orElse(RunType.TRACKED),
                name,
                made,
                triggeredBy,
                url,
                driftDetection,
                command)));
  }

  private static Optional<Commit> commit(Fields fields) {
    Optional<String> hash = fields.required("hash", Form.NON_BLANK_TEXT);
    Optional<String> message = fields.optional("message", Form.TEXT);
    Optional<String> authorName = fields.optional("authorName", Form.TEXT);
    Optional<String> authorLogin = fields.optional("authorLogin", Form.TEXT);
    Optional<Instant> timestamp = fields.optional("timestamp", Form.TIME);
    Optional<String> url = fields.optional("url", Form.TEXT);
    return fields.make(() ->
        new Commit(
            hash.orElseThrow(),
            message.orElse(""),
            authorName.orElse(""),
            authorLogin,
            timestamp,
            url));
  }

  private static Optional<Delta> delta(Fields fields) {
    Optional<Long> added = fields.required("added", COUNT);
    Optional<Long> changed = fields.required("changed", COUNT);
    Optional<Long> deleted = fields.required("deleted", COUNT);
    Optional<Long> resources = fields.required("resources", COUNT);
    return fields.make(() ->
        new Delta(
            added.orElseThrow(),
            changed.orElseThrow(),
            deleted.orElseThrow(),
            resources.orElseThrow()));
  }
}
