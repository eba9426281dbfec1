package dev.runhook.http.json;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The parameters of a query. What is asked for is what is known: [#requireValid] refuses all else.
public final class QueryReader {
  private final Map<String, List<String>> given;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Problem.FieldError> mistakes = new ArrayList<>();

  public QueryReader(Map<String, List<String>> given) {
    this.given = Map.copyOf(given);
  }

  /// A parameter that may be left out.
  ///
  /// @param reading throws an [IllegalArgumentException] that tells how to mend it
  public <T> Optional<T> find(String name, Function<String, T> reading) {
    known.add(name);
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      return wrong(name, "is there " + values.size() + " times; give it once");
    }
    try {
      return values.stream().findFirst().map(reading);
    } catch (IllegalArgumentException e) {
      return wrong(name, String.valueOf(e.getMessage()));
    }
  }

  /// Ends the request with all that is wrong with its query.
  public void requireValid() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        wrong(name, "is not known here; known are " + String.join(", ", known));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ProblemException(Problem.validationError(mistakes));
    }
  }

  private <T> Optional<T> wrong(String name, String detail) {
    mistakes.add(Problem.FieldError.inParameter(name, name + ": " + detail));
    return Optional.empty();
  }
}
