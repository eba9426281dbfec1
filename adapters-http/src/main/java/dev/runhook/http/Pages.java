package dev.runhook.http;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists as the API pages them. A cursor goes over the wire in base64url, so that nobody is tempted
/// to read it.
final class Pages {
  private static final String NO_CURSOR = "must be the \"next\" of an earlier page of this list";

  private Pages() {}

  /// @param next the cursor for `?after=`; null on the last page
  record PageJson(List<?> items, @Nullable String next) {}

  /// Answers the page that the query asks for; other parameters must have been asked for before.
  static <T> Answer answer(
      Parameters parameters, Function<PageRequest, Page<T>> list, Function<T, ?> json) {
    Optional<Integer> limit = parameters.find("limit", Pages::limit);
    Optional<String> after = parameters.find("after", Pages::cursor);
    parameters.requireFit();
    Page<T> page = page(new PageRequest(limit.orElse(PageRequest.USUAL), after), list);
    return Answer.ok(
        new PageJson(
            page.items().stream().map(json).toList(),
            page.next().map(Pages::written).orElse(null)));
  }

  private static <T> Page<T> page(PageRequest request, Function<PageRequest, Page<T>> list) {
    try {
      return list.apply(request);
    } catch (IllegalArgumentException | DateTimeException e) {
      if (request.after().isPresent()) {
        throw ProblemException.badInput(Problem.Mistake.in("after", "after " + NO_CURSOR));
      }
      throw e;
    }
  }

  private static int limit(String text) {
    if (!text.matches("\\d{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > PageRequest.LARGEST) {
      throw new IllegalArgumentException("must be a whole number from 1 to " + PageRequest.LARGEST);
    }
    return Integer.parseInt(text);
  }

  private static String cursor(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String cursor = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (cursor.isEmpty() || cursor.indexOf('\0') >= 0 || !written(cursor).equals(text)) {
        throw new IllegalArgumentException(NO_CURSOR);
      }
      return cursor;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(NO_CURSOR, e);
    }
  }

  private static String written(String cursor) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
  }
}
