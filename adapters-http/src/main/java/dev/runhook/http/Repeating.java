package dev.runhook.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.runhook.application.repeat.KeyedRequest;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.repeat.Repeats.Reply;
import dev.runhook.application.repeat.Repeats.Told;
import dev.runhook.application.repeat.Seal;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `Idempotency-Key`: a POST that is sent again with its key is told the first answer.
///
/// An answer is the last word where something was done, and where what was asked for makes sense
/// but cannot be had. Mistakes in the request itself, and failures of ours, leave the key free.
final class Repeating {
  private static final String HEADER = "Idempotency-Key";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Set<Integer> LASTING_REFUSALS = Set.of(404, 409, 422);

  private final Repeats repeats;
  private final Problems problems;

  /// An answer as it is kept.
  record Kept(
      int status, Map<String, String> headers, @Nullable String mediaType, @Nullable String text) {
    Answer answer() {
      return new Answer(
          status,
          headers,
          mediaType == null || text == null
              ? Optional.empty()
              : Optional.of(new Answer.Content(mediaType, text)));
    }
  }

  Repeating(Repeats repeats, Problems problems) {
    this.repeats = repeats;
    this.problems = problems;
  }

  Answer answer(Context context, Call call, Supplier<Answer> action) {
    Optional<String> key = key(context);
    if (key.isEmpty()) {
      return action.get();
    }
    KeyedRequest request =
        new KeyedRequest(
            call.fingerprint(key.get()),
            call.contentFingerprint(),
            call.grant().token(),
            new Seal(call.credential()));
    Told told = repeats.tell(request, () -> reply(handled(context, action)));
    Answer answer = read(told.text());
    return told.again() ? answer.with(REPLAYED, "true") : answer;
  }

  private static Optional<String> key(Context context) {
    if (!context.method().equals(HandlerType.POST)) {
      return Optional.empty();
    }
    List<String> given = Collections.list(context.req().getHeaders(HEADER));
    if (given.size() > 1 || given.stream().anyMatch(key -> !KEY.matcher(key).matches())) {
      throw ProblemException.badInput(
          Problem.Mistake.in(
              HEADER, HEADER + " must be there once, with 1 to 255 visible ASCII characters"));
    }
    return given.stream().findFirst();
  }

  private Answer handled(Context context, Supplier<Answer> action) {
    try {
      return action.get();
    } catch (Exception e) {
      return problems.answer(e, context);
    }
  }

  private static Reply reply(Answer answer) {
    boolean lasting = answer.status() < 300 || LASTING_REFUSALS.contains(answer.status());
    Optional<Answer.Content> content = answer.content();
    Kept kept =
        new Kept(
            answer.status(),
            answer.headers(),
            content.map(Answer.Content::mediaType).orElse(null),
            content.map(Answer.Content::text).orElse(null));
    return new Reply(Json.write(kept), lasting);
  }

  private static Answer read(String text) {
    try {
      return Json.KEPT.readValue(text, Kept.class).answer();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept answer cannot be read", e);
    }
  }
}
