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

/// Reads what a reporter says of runs.
final class RunRequestParser {
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);
  private static final Decoder<Long> VERSION = Decoder.integerAtLeast(1);

  private RunRequestParser() {}

  /// @param nextName names the run where the reporter does not
  static Optional<NewRun> parseNewRun(
      JsonObjectReader jsonObjectReader, StackId stack, Supplier<String> nextName) {
    Optional<RunId> id =
        jsonObjectReader.optionalNonNull("id", Decoder.STRING.map(name -> new RunId(stack, name)));
    Optional<RunDetails> subject = subject(jsonObjectReader);
    Optional<Instant> createdAt = jsonObjectReader.optional("createdAt", Decoder.TIME);
    Optional<RunState> state =
        jsonObjectReader.optionalNonNull("state", Decoder.enumOf(RunState.class));
    TransitionFields transitionFields = TransitionFields.in(jsonObjectReader);
    return jsonObjectReader.build(() -> {
      RunId run = id.orElseGet(() -> new RunId(stack, nextName.get()));
      return new NewRun(
          subject.orElseThrow(),
          createdAt,
          transitionFields.report(run, state.orElse(RunState.QUEUED)));
    });
  }

  static Optional<TransitionReport> parseTransition(JsonObjectReader jsonObjectReader, RunId run) {
    Optional<RunState> state = jsonObjectReader.required("state", Decoder.enumOf(RunState.class));
    TransitionFields transitionFields = TransitionFields.in(jsonObjectReader);
    return jsonObjectReader.build(() -> transitionFields.report(run, state.orElseThrow()));
  }

  /// As an item among others, which names its stack and run by itself.
  ///
  /// @param permitted the stack of that slug, if the bearer may report of it
  static Optional<TransitionReport> parseBatchItem(
      JsonObjectReader jsonObjectReader, Function<String, StackId> permitted) {
    Optional<StackId> stack = jsonObjectReader.required("stack", Decoder.STRING.map(permitted));
    Optional<String> name = jsonObjectReader.required("run", Decoder.STRING);
    Optional<RunState> state = jsonObjectReader.required("state", Decoder.enumOf(RunState.class));
    TransitionFields transitionFields = TransitionFields.in(jsonObjectReader);
    return jsonObjectReader.build(() ->
        transitionFields.report(
            new RunId(stack.orElseThrow(), name.orElseThrow()), state.orElseThrow()));
  }

  /// What may be told with any state.
  private record TransitionFields(
      Optional<Long> version, Optional<Instant> at, Optional<Delta> delta, Optional<String> note) {
    static TransitionFields in(JsonObjectReader jsonObjectReader) {
      return new TransitionFields(
          jsonObjectReader.optionalNonNull("stateVersion", VERSION),
          jsonObjectReader.optional("timestamp", Decoder.TIME),
          jsonObjectReader.optional("delta", Decoder.object(RunRequestParser::delta)),
          jsonObjectReader.optional("note", Decoder.TEXT));
    }

    TransitionReport report(RunId run, RunState state) {
      OptionalLong number = version.map(OptionalLong::of).orElse(OptionalLong.empty());
      return new TransitionReport(run, state, number, at, delta, note);
    }
  }

  private static Optional<RunDetails> subject(JsonObjectReader jsonObjectReader) {
    Optional<RunType> type =
        jsonObjectReader.optionalNonNull("type", Decoder.enumOf(RunType.class));
    Optional<String> branch = jsonObjectReader.required("branch", Decoder.NON_BLANK_TEXT);
    Optional<Commit> commit =
        jsonObjectReader.required("commit", Decoder.object(RunRequestParser::commit));
    Optional<String> triggeredBy = jsonObjectReader.optional("triggeredBy", Decoder.TEXT);
    Optional<String> url = jsonObjectReader.optional("url", Decoder.TEXT);
    Optional<Boolean> driftDetection = jsonObjectReader.optional("driftDetection", Decoder.BOOLEAN);
    Optional<String> command = jsonObjectReader.optional("command", Decoder.TEXT);
    return branch.flatMap(name ->
        commit.map(made ->
            new RunDetails(
                type.orElse(RunType.TRACKED),
                name,
                made,
                triggeredBy,
                url,
                driftDetection,
                command)));
  }

  private static Optional<Commit> commit(JsonObjectReader jsonObjectReader) {
    Optional<String> hash = jsonObjectReader.required("hash", Decoder.NON_BLANK_TEXT);
    Optional<String> message = jsonObjectReader.optional("message", Decoder.TEXT);
    Optional<String> authorName = jsonObjectReader.optional("authorName", Decoder.TEXT);
    Optional<String> authorLogin = jsonObjectReader.optional("authorLogin", Decoder.TEXT);
    Optional<Instant> timestamp = jsonObjectReader.optional("timestamp", Decoder.TIME);
    Optional<String> url = jsonObjectReader.optional("url", Decoder.TEXT);
    return jsonObjectReader.build(() ->
        new Commit(
            hash.orElseThrow(),
            message.orElse(""),
            authorName.orElse(""),
            authorLogin,
            timestamp,
            url));
  }

  private static Optional<Delta> delta(JsonObjectReader jsonObjectReader) {
    Optional<Long> added = jsonObjectReader.required("added", COUNT);
    Optional<Long> changed = jsonObjectReader.required("changed", COUNT);
    Optional<Long> deleted = jsonObjectReader.required("deleted", COUNT);
    Optional<Long> resources = jsonObjectReader.required("resources", COUNT);
    return jsonObjectReader.build(() ->
        new Delta(
            added.orElseThrow(),
            changed.orElseThrow(),
            deleted.orElseThrow(),
            resources.orElseThrow()));
  }
}
