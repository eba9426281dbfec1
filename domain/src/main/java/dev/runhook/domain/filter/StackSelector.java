package dev.runhook.domain.filter;

import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.Glob;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The stacks of an account that an account webhook covers, including those that are created later.
///
/// @param labels a condition on the labels of a stack; absent for any labels
/// @param ids patterns of ids, in which `*` stands for any characters; a stack must match one of
///   them; empty for all ids
public record StackSelector(Optional<LabelExpression> labels, List<String> ids) {
  private static final int MAX_IDS = 100;
  private static final Pattern ID_PATTERN = Pattern.compile("[A-Za-z0-9._*-]{1,128}");

  public StackSelector {
    ids = List.copyOf(ids);
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("a selector has at most " + MAX_IDS + " ids");
    }
    if (!ids.stream().allMatch(id -> ID_PATTERN.matcher(id).matches())) {
      throw new IllegalArgumentException(
          "an id in a selector has 1 to 128 letters, digits, dots, underscores, hyphens and"
              + " asterisks");
    }
  }

  /// Returns the selector of all stacks.
  public static StackSelector all() {
    return new StackSelector(Optional.empty(), List.of());
  }

  public boolean matches(Stack stack) {
    return (ids.isEmpty() || ids.stream().anyMatch(id -> Glob.of(id).matches(stack.id().slug())))
        && labels.map(expression -> expression.matches(stack.labels())).orElse(true);
  }
}
