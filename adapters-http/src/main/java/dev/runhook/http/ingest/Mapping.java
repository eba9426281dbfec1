package dev.runhook.http.ingest;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// How one kind of notification describes runs, and how it is read. The fields of a run are named
/// by their pointers in a payload of Runhook, such as `/run/branch`. A mapping has other names for
/// what fields are derived from. Pointers into a notification have `*` for the index of an item.
///
/// @param needed pointers to values without which a notification is of another kind
/// @param required pointers to values that the objects around them always have
/// @param items the name of the array with a run or a state in each item; empty if there is none
/// @param fields returns the pointer to a field in the notification; empty if it has none
/// @param times decodes times
/// @param derived returns the fields that are more than a value of the notification
/// @param steps what the states at `/state` mean
/// @param unknown why another state, `%s`, is ignored
record Mapping(
    Set<String> needed,
    Set<String> required,
    String items,
    UnaryOperator<String> fields,
    Decoder<Instant> times,
    Map<String, Function<Source, Optional<String>>> derived,
    List<Step> steps,
    String unknown) {
  private static final Decoder<Long> COUNT = Decoder.integerAtLeast(0);

  /// What some states of a platform mean.
  ///
  /// @param version the `stateVersion`; absent if the state has none
  record Step(OptionalLong version, RunState state, Set<String> names) {
    static Step of(RunState state, String... names) {
      return new Step(OptionalLong.empty(), state, Set.of(names));
    }

    static Step of(long version, RunState state, String... names) {
      return new Step(OptionalLong.of(version), state, Set.of(names));
    }
  }

  /// The fields of a notification, or of an item of one.
  record Source(Mapping mapping, JsonObjectReader body, JsonObjectReader item) {
    Optional<String> text(String field) {
      Function<Source, Optional<String>> derivation = mapping.derived.get(field);
      return derivation == null ? value(field, Decoder.STRING) : derivation.apply(this);
    }

    <T> Optional<T> value(String field, Decoder<T> decoder) {
      String pointer = mapping.fields.apply(field);
      return pointer.isEmpty() ? Optional.empty() : read(pointer, decoder);
    }

    private <T> Optional<T> read(String pointer, Decoder<T> decoder) {
      int end = pointer.lastIndexOf('/');
      String name = pointer.substring(end + 1);
      return object(pointer.substring(0, end))
          .flatMap(object ->
              mapping.required.contains(pointer)
                  ? object.required(name, decoder)
                  : object.optional(name, decoder));
    }

    private Optional<JsonObjectReader> object(String pointer) {
      String itemPointer = "/" + mapping.items + "/*";
      return pointer.startsWith(itemPointer)
          ? item.objectAt(pointer.substring(itemPointer.length()))
          : body.objectAt(pointer);
    }

    /// Builds a part. Its errors are reported at its object in the notification, if it has one.
    private <T> T build(String field, Supplier<T> part) {
      String pointer = mapping.fields.apply(field);
      return object(pointer).map(at -> orAbort(at.buildWhileReading(part))).orElseGet(part);
    }
  }

  boolean fits(JsonObjectReader body) {
    Source source = new Source(this, body, body);
    return needed.stream().allMatch(each -> source.read(each, Decoder.ANY).isPresent());
  }

  /// @param nextRunName generates the id of a run that has none
  Optional<List<Notification>> read(
      JsonObjectReader body, AccountId account, Supplier<String> nextRunName) {
    Function<JsonObjectReader, Optional<Notification>> run =
        item ->
            body.buildWhileReading(() -> read(new Source(this, body, item), account, nextRunName));
    return items.isEmpty()
        ? run.apply(body).map(List::of)
        : body.optional(items, Decoder.listOf(JsonObjectReader.decoder(run)));
  }

  private Notification read(Source source, AccountId account, Supplier<String> nextRunName) {
    Stack stack = source.build("/stack", () -> stack(source, account));
    String state = source.text("/state").orElse("");
    Optional<Step> step = steps.stream().filter(each -> each.names().contains(state)).findFirst();
    Optional<RunType> type = type(source.text("/run/type").orElse("TRACKED"));
    Commit commit = source.build("/run/commit", () -> commit(source));
    if (step.isEmpty() || type.isEmpty()) {
      return new Ignored(unknown.formatted(state));
    }
    RunDetails details =
        new RunDetails(
            type.get(),
            orUnknown(source.text("/run/branch")),
            commit,
            source.text("/run/triggeredBy"),
            source.text("/run/url"),
            derived.containsKey("/run/driftDetection")
                ? source.text("/run/driftDetection").map(Boolean::valueOf)
                : source.value("/run/driftDetection", Decoder.BOOLEAN),
            source.text("/run/command").map(Mapping::cut));
    TransitionReport report =
        new TransitionReport(
            new RunId(stack.id(), source.text("/run/id").orElseGet(nextRunName)),
            step.get().state(),
            source
                .value("/stateVersion", Decoder.integerAtLeast(1))
                .map(OptionalLong::of)
                .orElse(step.get().version()),
            source.value("/timestamp", times),
            delta(source),
            source.text("/note").map(Mapping::cut),
            Optional.empty(),
            Optional.empty());
    return new StateChange(
        stack, new NewRun(details, source.value("/run/createdAt", times), report));
  }

  private Stack stack(Source source, AccountId account) {
    StackId id =
        derived.containsKey("/stack/id")
            ? new StackId(account, orAbort(source.text("/stack/id")))
            : orAbort(
                source.value("/stack/id", Decoder.STRING.map(slug -> new StackId(account, slug))));
    return new Stack(
        id,
        source.text("/stack/name").orElse(id.slug()),
        cut(source.text("/stack/description").orElse("")),
        source.value("/stack/labels", Decoder.listOf(Decoder.STRING)).orElse(List.of()).stream()
            .filter(label -> !label.isBlank() && label.length() <= TextLimits.MAX_LABEL)
            .limit(Stack.MAX_LABELS)
            .toList(),
        source.text("/stack/url"),
        source.text("/stack/repository"));
  }

  private Commit commit(Source source) {
    String message = source.text("/run/commit/message").orElse("");
    return new Commit(
        orUnknown(source.text("/run/commit/hash")),
        TextLimits.cut(message, TextLimits.MAX_COMMIT_MESSAGE),
        source.text("/run/commit/authorName").orElse(""),
        source.text("/run/commit/authorLogin"),
        source.value("/run/commit/timestamp", times),
        source.text("/run/commit/url"));
  }

  private Optional<Delta> delta(Source source) {
    String object = fields.apply("/run/delta");
    return (object.isEmpty() ? Optional.empty() : source.object(object))
        .map(ignored ->
            new Delta(
                source.value("/run/delta/added", COUNT).orElse(0L),
                source.value("/run/delta/changed", COUNT).orElse(0L),
                source.value("/run/delta/deleted", COUNT).orElse(0L),
                source.value("/run/delta/resources", COUNT).orElse(0L)));
  }

  /// Returns a value that is missing only if an error has been reported.
  private static <T> T orAbort(Optional<T> value) {
    return value.orElseThrow(() -> new IllegalArgumentException("is invalid"));
  }

  private static Optional<RunType> type(String name) {
    return Stream.of(RunType.values()).filter(each -> each.name().equals(name)).findFirst();
  }

  private static String orUnknown(Optional<String> text) {
    return text.filter(found -> !found.isBlank()).orElse("unknown");
  }

  private static String cut(String text) {
    return TextLimits.cut(text, TextLimits.MAX_TEXT);
  }
}
