package dev.runhook.http.run;

import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Decodes reports of runs and transitions.
final class RunRequestParser {
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);
  private static final Decoder<Long> VERSION = Decoder.integerAtLeast(1);
  private static final Decoder<String> NAME = Decoder.text(TextLimits.MAX_NAME);
  private static final Decoder<String> NON_BLANK_NAME = Decoder.nonBlankText(TextLimits.MAX_NAME);
  private static final Decoder<String> URL = Decoder.text(TextLimits.MAX_URL);
  private static final Decoder<String> LONG = Decoder.text(TextLimits.MAX_TEXT);

  private static final Decoder<ResourceChange.Action> ACTION =
      Decoder.STRING.map(
          name -> Decoder.lowerCaseConstant(List.of(ResourceChange.Action.values()), name));
  private static final Decoder<List<ResourceChange>> CHANGES =
      Decoder.listOf(JsonObjectReader.decoder(RunRequestParser::parseChange))
          .map(items -> new ResourceChanges(items, false).items());

  private RunRequestParser() {}

  /// @param nextName generates the id of the run if the request has none
  static Optional<NewRun> parseNewRun(
      JsonObjectReader fields, StackId stack, Supplier<String> nextName) {
    Optional<RunId> id =
        fields.optionalNonNull("id", Decoder.STRING.map(name -> new RunId(stack, name)));
    Supplier<RunDetails> details = readDetails(fields);
    Optional<Instant> createdAt = fields.optional("createdAt", Decoder.TIME);
    Optional<RunState> state = fields.optionalNonNull("state", Decoder.enumOf(RunState.class));
    BiFunction<RunId, RunState, TransitionReport> report = readReport(fields);
    return fields.build(() -> {
      RunId run = id.orElseGet(() -> new RunId(stack, nextName.get()));
      return new NewRun(details.get(), createdAt, report.apply(run, state.orElse(RunState.QUEUED)));
    });
  }

  static Optional<TransitionReport> parseTransition(JsonObjectReader fields, RunId run) {
    Optional<RunState> state = fields.required("state", Decoder.enumOf(RunState.class));
    BiFunction<RunId, RunState, TransitionReport> report = readReport(fields);
    return fields.build(() -> report.apply(run, state.orElseThrow()));
  }

  /// Decodes an item of a batch, which also names its stack and run.
  ///
  /// @param authorize returns the stack with that slug if the caller may report for it
  static Optional<TransitionReport> parseBatchItem(
      JsonObjectReader fields, Function<String, StackId> authorize) {
    Optional<StackId> stack = fields.required("stack", Decoder.STRING.map(authorize));
    Optional<String> name = fields.required("run", Decoder.STRING);
    Optional<RunState> state = fields.required("state", Decoder.enumOf(RunState.class));
    BiFunction<RunId, RunState, TransitionReport> report = readReport(fields);
    return fields.build(() ->
        report.apply(new RunId(stack.orElseThrow(), name.orElseThrow()), state.orElseThrow()));
  }

  /// Reads the optional fields of a transition.
  private static BiFunction<RunId, RunState, TransitionReport> readReport(JsonObjectReader fields) {
    Optional<Long> version = fields.optionalNonNull("stateVersion", VERSION);
    Optional<Instant> at = fields.optional("timestamp", Decoder.TIME);
    Optional<Delta> delta =
        fields.optional("delta", JsonObjectReader.decoder(RunRequestParser::parseDelta));
    Optional<String> note = fields.optional("note", LONG);
    Optional<List<ResourceChange>> items = fields.optional("changes", CHANGES);
    Optional<Boolean> truncated = fields.optional("changesTruncated", Decoder.BOOLEAN);
    OptionalLong number = version.map(OptionalLong::of).orElse(OptionalLong.empty());
    return (run, state) ->
        new TransitionReport(
            run,
            state,
            number,
            at,
            delta,
            note,
            items.map(list -> new ResourceChanges(list, truncated.orElse(false))),
            Optional.empty());
  }

  private static Supplier<RunDetails> readDetails(JsonObjectReader fields) {
    Optional<RunType> type = fields.optionalNonNull("type", Decoder.enumOf(RunType.class));
    Optional<String> branch = fields.required("branch", NON_BLANK_NAME);
    Optional<Commit> commit =
        fields.required("commit", JsonObjectReader.decoder(RunRequestParser::parseCommit));
    Optional<String> triggeredBy = fields.optional("triggeredBy", NAME);
    Optional<String> url = fields.optional("url", URL);
    Optional<Boolean> driftDetection = fields.optional("driftDetection", Decoder.BOOLEAN);
    Optional<String> command = fields.optional("command", LONG);
    return () ->
        new RunDetails(
            type.orElse(RunType.TRACKED),
            branch.orElseThrow(),
            commit.orElseThrow(),
            triggeredBy,
            url,
            driftDetection,
            command);
  }

  private static Optional<Commit> parseCommit(JsonObjectReader fields) {
    Optional<String> hash = fields.required("hash", NON_BLANK_NAME);
    Optional<String> message =
        fields.optional("message", Decoder.text(TextLimits.MAX_COMMIT_MESSAGE));
    Optional<String> authorName = fields.optional("authorName", NAME);
    Optional<String> authorLogin = fields.optional("authorLogin", NAME);
    Optional<Instant> timestamp = fields.optional("timestamp", Decoder.TIME);
    Optional<String> url = fields.optional("url", URL);
    return fields.build(() ->
        new Commit(
            hash.orElseThrow(),
            message.orElse(""),
            authorName.orElse(""),
            authorLogin,
            timestamp,
            url));
  }

  private static Optional<ResourceChange> parseChange(JsonObjectReader fields) {
    Optional<String> address = fields.required("address", Decoder.STRING);
    Optional<String> type = fields.required("type", Decoder.STRING);
    Optional<ResourceChange.Action> action = fields.required("action", ACTION);
    return fields.build(
        () -> new ResourceChange(address.orElseThrow(), type.orElseThrow(), action.orElseThrow()));
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
