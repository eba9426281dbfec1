package dev.runhook.http.api;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.json.QueryReader;
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
public final class Pagination {
  private static final String NO_CURSOR = "must be the \"next\" of an earlier page of this list";

  private Pagination() {}

  /// @param next the cursor for `?after=`; null on the last page
  record PageJson(List<?> items, @Nullable String next) {}

  /// Answers the page that the query asks for; other parameters must have been asked for before.
  public static <T> ApiResponse respond(
      QueryReader queryReader, Function<PageRequest, Page<T>> list, Function<T, ?> json) {
    Optional<Integer> limit = queryReader.find("limit", Pagination::limit);
    Optional<String> after = queryReader.find("after", Pagination::cursor);
    queryReader.requireValid();
    Page<T> page = page(new PageRequest(limit.orElse(PageRequest.DEFAULT_LIMIT), after), list);
    return ApiResponse.ok(
        new PageJson(
            page.items().stream().map(json).toList(),
            page.next().map(Pagination::written).orElse(null)));
  }

  private static <T> Page<T> page(PageRequest request, Function<PageRequest, Page<T>> list) {
    try {
      return list.apply(request);
    } catch (IllegalArgumentException | DateTimeException e) {
      if (request.after().isPresent()) {
        throw ProblemException.validationError(
            Problem.FieldError.inParameter("after", "after " + NO_CURSOR));
      }
      throw e;
    }
  }

  private static int limit(String text) {
    if (!text.matches("\\d{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > PageRequest.MAX_LIMIT) {
      throw new IllegalArgumentException(
          "must be a whole number from 1 to " + PageRequest.MAX_LIMIT);
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
