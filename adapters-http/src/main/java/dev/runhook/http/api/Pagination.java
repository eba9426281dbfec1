package dev.runhook.http.api;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
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

/// Reads `limit` and `after` and returns one page of a list. Cursors are base64url, because clients
/// must treat them as opaque.
public final class Pagination {
  private static final String INVALID_CURSOR =
      "must be the \"next\" value of the previous page of this list";

  private Pagination() {}

  /// @param next the cursor for `?after=`; null on the last page
  record PageJson(List<?> items, Optional<String> next) {}

  /// Returns the requested page. Read the list's own parameters from the query first, because this
  /// method rejects all parameters that have not been read.
  public static <T> ApiResponse respond(
      QueryReader query, Function<PageRequest, Page<T>> list, Function<T, ?> json) {
    Optional<Integer> limit = query.find("limit", Pagination::limit);
    Optional<String> after = query.find("after", Pagination::cursor);
    query.requireValid();
    Page<T> page = page(new PageRequest(limit.orElse(PageRequest.DEFAULT_LIMIT), after), list);
    return ApiResponse.ok(
        new PageJson(
            page.items().stream().map(json).toList(), page.next().map(Pagination::encode)));
  }

  private static <T> Page<T> page(PageRequest request, Function<PageRequest, Page<T>> list) {
    try {
      return list.apply(request);
    } catch (IllegalArgumentException | DateTimeException e) {
      if (request.after().isPresent()) {
        throw ProblemException.inParameter("after", "after " + INVALID_CURSOR);
      }
      throw e;
    }
  }

  private static int limit(String text) {
    int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > PageRequest.MAX_LIMIT) {
      throw new IllegalArgumentException("must be an integer from 1 to " + PageRequest.MAX_LIMIT);
    }
    return limit;
  }

  private static String cursor(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String cursor = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (cursor.isEmpty() || cursor.indexOf('\0') >= 0 || !encode(cursor).equals(text)) {
        throw new IllegalArgumentException(INVALID_CURSOR);
      }
      return cursor;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(INVALID_CURSOR, e);
    }
  }

  private static String encode(String cursor) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
  }
}
