package dev.runhook.persistence.jdbi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Searches a list for rows that no index finds. It examines the rows in the order of the list, in
/// rounds, until a page is full. After the last round it returns what it has found, with the cursor
/// of the last row that it has examined, so that a rare row cannot make a request read the whole
/// list.
///
/// @param roundSize the maximum number of rows that a round examines; small, because PostgreSQL
///   reads a large share of a list without its index
public record BoundedSearch(int roundSize, int rounds) {
  /// Returns the search of a list in which all rows match. It needs one round.
  public static BoundedSearch ofAll(PageRequest request) {
    return new BoundedSearch(request.limit() + 1, 1);
  }

  /// A row that a round has examined.
  ///
  /// @param position the number of the row in its round, starting at 1
  public record Candidate<T>(T item, String cursor, boolean matches, int position) {}

  /// Examines the next rows of the list.
  @FunctionalInterface
  public interface Round<T> {
    /// Returns the rows that match, and the last row of a complete round even if it does not match.
    ///
    /// @param after the cursor of the row after which the round begins
    /// @param size the maximum number of rows that are examined
    /// @param limit the maximum number of rows that are returned
    List<Candidate<T>> read(Optional<String> after, int size, int limit);
  }

  /// Returns the matching rows after the cursor of the request.
  public <T> Page<T> find(PageRequest request, Round<T> round) {
    List<Candidate<T>> found = new ArrayList<>();
    Optional<String> after = request.after();
    for (int i = 0; i < rounds; i++) {
      List<Candidate<T>> read = round.read(after, roundSize, request.limit() + 1 - found.size());
      read.stream().filter(Candidate::matches).forEach(found::add);
      boolean isEnd = read.isEmpty() || read.getLast().position() < roundSize;
      if (isEnd || found.size() > request.limit()) {
        return Page.of(found, request, Candidate::cursor).map(Candidate::item);
      }
      after = Optional.of(read.getLast().cursor());
    }
    return new Page<>(
        found.stream().map(Candidate::item).toList(),
        found.stream().map(Candidate::cursor).toList(),
        after);
  }
}
