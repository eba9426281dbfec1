package dev.runhook.http.run;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// Decodes reports of runs and transitions.
final class RunRequestParser {
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);
  private static final Decoder<Long> VERSION = Decoder.integerAtLeast(1);

  private RunRequestParser() {}

  /// @param nextName generates the id of the run if the request has none
  static Optional<NewRun> parseNewRun(
      JsonObjectReader fields, StackId stack, Supplier<String> nextName) {
    Optional<RunId> id =
        fields.optionalNonNull("id", Decoder.STRING.map(name -> new RunId(stack, name)));
    Optional<RunDetails> details = parseDetails(fields);
    Optional<Instant> createdAt = fields.optional("createdAt", Decoder.TIME);
    Optional<RunState> state = fields.optionalNonNull("state", Decoder.enumOf(RunState.class));
    TransitionFields transition = TransitionFields.in(fields);
    return fields.build(() -> {
      RunId run = id.orElseGet(() -> new RunId(stack, nextName.get()));
      return new NewRun(
          details.orElseThrow(), createdAt, transition.report(run, state.orElse(RunState.QUEUED)));
    });
  }

  static Optional<TransitionReport> parseTransition(JsonObjectReader fields, RunId run) {
    Optional<RunState> state = fields.required("state", Decoder.enumOf(RunState.class));
    TransitionFields transition = TransitionFields.in(fields);
    return fields.build(() -> transition.report(run, state.orElseThrow()));
  }

  /// Decodes an item of a batch, which also names its stack and run.
  ///
  /// @param authorize returns the stack with that slug if the caller may report for it
  static Optional<TransitionReport> parseBatchItem(
      JsonObjectReader fields, Function<String, StackId> authorize) {
    Optional<StackId> stack = fields.required("stack", Decoder.STRING.map(authorize));
    Optional<String> name = fields.required("run", Decoder.STRING);
    Optional<RunState> state = fields.required("state", Decoder.enumOf(RunState.class));
    TransitionFields transition = TransitionFields.in(fields);
    return fields.build(() ->
        transition.report(new RunId(stack.orElseThrow(), name.orElseThrow()), state.orElseThrow()));
  }

  /// The optional fields of a transition.
  private record TransitionFields(
      Optional<Long> version, Optional<Instant> at, Optional<Delta> delta, Optional<String> note) {
    static TransitionFields in(JsonObjectReader fields) {
      return new TransitionFields(
          fields.optionalNonNull("stateVersion", VERSION),
          fields.optional("timestamp", Decoder.TIME),
          fields.optional("delta", Decoder.object(RunRequestParser::parseDelta)),
          fields.optional("note", Decoder.TEXT));
    }

    TransitionReport report(RunId run, RunState state) {
      OptionalLong number = version.map(OptionalLong::of).orElse(OptionalLong.empty());
      return new TransitionReport(run, state, number, at, delta, note, Optional.empty());
    }
  }

  private static Optional<RunDetails> parseDetails(JsonObjectReader fields) {
    Optional<RunType> type = fields.optionalNonNull("type", Decoder.enumOf(RunType.class));
    Optional<String> branch = fields.required("branch", Decoder.NON_BLANK_TEXT);
    Optional<Commit> commit =
        fields.required("commit", Decoder.object(RunRequestParser::parseCommit));
    Optional<String> triggeredBy = fields.optional("triggeredBy", Decoder.TEXT);
    Optional<String> url = fields.optional("url", Decoder.TEXT);
    Optional<Boolean> driftDetection = fields.optional("driftDetection", Decoder.BOOLEAN);
    Optional<String> command = fields.optional("command", Decoder.TEXT);
    return branch.flatMap(branchName ->
        commit.map(decodedCommit ->
            new RunDetails(
                type.orElse(RunType.TRACKED),
                branchName,
                decodedCommit,
                triggeredBy,
                url,
                driftDetection,
                command)));
  }

  private static Optional<Commit> parseCommit(JsonObjectReader fields) {
    Optional<String> hash = fields.required("hash", Decoder.NON_BLANK_TEXT);
    Optional<String> message = fields.optional("message", Decoder.TEXT);
    Optional<String> authorName = fields.optional("authorName", Decoder.TEXT);
    Optional<String> authorLogin = fields.optional("authorLogin", Decoder.TEXT);
    Optional<Instant> timestamp = fields.optional("timestamp", Decoder.TIME);
    Optional<String> url = fields.optional("url", Decoder.TEXT);
    return fields.build(() ->
        new Commit(
            hash.orElseThrow(),
            message.orElse(""),
            authorName.orElse(""),
            authorLogin,
            timestamp,
            url));
  }

  private static Optional<Delta> parseDelta(JsonObjectReader fields) {
    Optional<Long> added = fields.required("added", COUNT);
    Optional<Long> changed = fields.required("changed", COUNT);
    Optional<Long> deleted = fields.required("deleted", COUNT);
    Optional<Long> resources = fields.required("resources", COUNT);
    return fields.build(() ->
        new Delta(
            added.orElseThrow(),
            changed.orElseThrow(),
            deleted.orElseThrow(),
            resources.orElseThrow()));
  }
}
