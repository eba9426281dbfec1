package dev.runhook.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place in a body, where a mistake may be noted. All places of one body share one list of
/// mistakes.
final class Place {
  private static final int MOST_MISTAKES = 20;

  private final @Nullable Place parent;
  private final String token;
  private final List<Problem.Mistake> mistakes;
  private final boolean patient;

  private Place(
      @Nullable Place parent, String token, List<Problem.Mistake> mistakes, boolean patient) {
    this.parent = parent;
    this.token = token;
    this.mistakes = mistakes;
    this.patient = patient;
  }

  /// The whole of a body in which no mistake is known yet.
  static Place root() {
    return new Place(null, "", new ArrayList<>(), false);
  }

  /// The whole of one item among others, whose mistakes must not keep the others from being read.
  static Place item() {
    return new Place(null, "", new ArrayList<>(), true);
  }

  Place at(String name) {
    return new Place(this, name, mistakes, patient);
  }

  Place at(int index) {
    return at(Integer.toString(index));
  }

  /// Notes a mistake here; there is no value then. After the first twenty there is no point in
  /// going on.
  <T> Optional<T> wrong(String detail) {
    mistakes.add(Problem.Mistake.at(pointer(), detail));
    if (mistakes.size() == MOST_MISTAKES && !patient) {
      requireNoMistakes();
    }
    return Optional.empty();
  }

  int mistakes() {
    return mistakes.size();
  }

  void requireNoMistakes() {
    if (!mistakes.isEmpty()) {
      throw new ProblemException(
          Problem.badInput(mistakes.subList(0, Math.min(mistakes.size(), MOST_MISTAKES))));
    }
  }

  /// As in RFC 6901; empty for the whole body.
  private String pointer() {
    return parent == null
        ? ""
        : parent.pointer() + "/" + token.replace("~", "~0").replace("/", "~1");
  }
}
