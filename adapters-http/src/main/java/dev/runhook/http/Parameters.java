package dev.runhook.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The parameters of a query. What is asked for is what is known: [#requireFit] refuses all else.
final class Parameters {
  private final Map<String, List<String>> given;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Problem.Mistake> mistakes = new ArrayList<>();

  Parameters(Map<String, List<String>> given) {
    this.given = Map.copyOf(given);
  }

  /// A parameter that may be left out.
  ///
  /// @param reading throws an [IllegalArgumentException] that tells how to mend it
  <T> Optional<T> find(String name, Function<String, T> reading) {
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
  void requireFit() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        wrong(name, "is not known here; known are " + String.join(", ", known));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ProblemException(Problem.badInput(mistakes));
    }
  }

  private <T> Optional<T> wrong(String name, String detail) {
    mistakes.add(Problem.Mistake.in(name, name + ": " + detail));
    return Optional.empty();
  }
}
