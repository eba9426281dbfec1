package dev.runhook.http.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.json.QueryReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads `limit` and `after` and returns one page of a list. Cursors are base64url, because clients
/// must treat them as opaque.
public final class Pagination {
  private static final String INVALID_CURSOR =
      "must be the \"next\" value of the previous page of this list";

  /// The items that are read at once.
  private static final int PART = 50;

  private static final int MAX_LENGTH = 1024 * 1024;

  private Pagination() {}

  /// @param next the cursor for `?after=`; null on the last page
  /// @param unavailableBuckets whose items are missing; absent if none are
  record PageJson(
      List<?> items,
      Optional<String> next,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedSet<Integer> unavailableBuckets) {}

  /// Returns the requested page, or as many of its items as fit in about 1 MiB. Read the list's own
  /// parameters from the query first, because this method rejects all parameters that have not been
  /// read.
  public static <T> ApiResponse respond(
      QueryReader query, Function<PageRequest, Page<T>> list, Function<T, ?> json) {
    return respond(
        query,
        request ->
            ApiResponse.ofPolled(bounded(request, list, item -> Json.write(json.apply(item)))));
  }

  /// Returns a response that contains the requested page. The caller limits its size.
  public static ApiResponse respond(
      QueryReader query, Function<PageRequest, ApiResponse> response) {
    Optional<Integer> limit = query.find("limit", Pagination::limit);
    Optional<String> after = query.find("after", Pagination::cursor);
    query.requireValid();
    PageRequest request = new PageRequest(limit.orElse(PageRequest.DEFAULT_LIMIT), after);
    try {
      return response.apply(request);
    } catch (IllegalArgumentException | DateTimeException e) {
      if (request.after().isPresent()) {
        throw ProblemException.inParameter("after", "after " + INVALID_CURSOR);
      }
      throw e;
    }
  }

  /// Reads and writes the items in parts, so that large ones are never in memory all at once. A
  /// part that is not full ends the page: the list has searched long enough for one request.
  private static <T> PageJson bounded(
      PageRequest request, Function<PageRequest, Page<T>> list, Function<T, String> json) {
    List<RawValue> items = new ArrayList<>();
    Optional<String> next = request.after();
    SortedSet<Integer> unavailable = new TreeSet<>();
    int length = 0;
    boolean isFull;
    do {
      PageRequest part = new PageRequest(Math.min(PART, request.limit() - items.size()), next);
      Page<T> page = list.apply(part);
      unavailable.addAll(page.unavailableBuckets());
      isFull = page.items().size() == part.limit();
      for (int i = 0; i < page.items().size(); i++) {
        String text = json.apply(page.items().get(i));
        length += text.length();
        if (length > MAX_LENGTH && !items.isEmpty()) {
          return new PageJson(items, next.map(Pagination::encode), unavailable);
        }
        items.add(new RawValue(text));
        next = Optional.of(page.cursors().get(i));
      }
      next = page.next();
    } while (next.isPresent() && isFull && items.size() < request.limit());
    return new PageJson(items, next.map(Pagination::encode), unavailable);
  }

  /// Returns the value of `next` for the page.
  public static Optional<String> encodeNext(Page<?> page) {
    return page.next().map(Pagination::encode);
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
