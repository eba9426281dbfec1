package dev.runhook.http.delivery;

import dev.runhook.domain.text.Explanation;
import java.util.List;
import java.util.Map;

/// One statement of an explanation.
///
/// @param text the statement in English
record ExplanationJson(Explanation.Code code, Map<String, String> params, String text) {
  static List<ExplanationJson> of(List<Explanation> statements) {
    return statements.stream().map(ExplanationJson::of).toList();
  }

  static ExplanationJson of(Explanation statement) {
    return new ExplanationJson(statement.code(), statement.params(), statement.text());
  }
}
