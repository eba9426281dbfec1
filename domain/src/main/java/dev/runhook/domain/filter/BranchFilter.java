package dev.runhook.domain.filter;

import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The branches that a webhook is notified of, as patterns in any order. In a pattern, `*` stands
/// for any characters except `/`, and `**` for any characters. A branch is wanted if it matches a
/// pattern without `!`, or there are none, and matches no pattern with a leading `!`. Without
/// patterns, all branches are wanted.
///
/// The patterns are parsed once, here. For each character of a branch, matching takes one step for
/// each pattern and each 64 characters of it, so that the filters of a stack with 100 webhooks take
/// less than a million.
public final class BranchFilter {
  private static final BranchFilter ALL = new BranchFilter(List.of());
  private static final int MAX_PATTERNS = 20;

  /// Explanations quote the patterns, and are stored for each event.
  private static final int MAX_LENGTH = 1000;

  private final List<BranchPattern> patterns;

  private BranchFilter(List<BranchPattern> patterns) {
    this.patterns = patterns;
  }

  public static BranchFilter all() {
    return ALL;
  }

  /// @throws IllegalArgumentException if a pattern is invalid, or there are too many
  public static BranchFilter of(Collection<String> patterns) {
    if (patterns.isEmpty()) {
      return ALL;
    }
    List<BranchPattern> parsed =
        new TreeSet<>(patterns).stream().map(BranchPattern::parse).toList();
    if (parsed.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException(
          "a webhook has at most " + MAX_PATTERNS + " branch patterns, not " + parsed.size());
    }
    if (parsed.stream().mapToInt(pattern -> pattern.text().length()).sum() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the branch patterns of a webhook have at most " + MAX_LENGTH + " characters in all");
    }
    return new BranchFilter(parsed);
  }

  /// Returns the patterns, sorted and without duplicates.
  public List<String> patterns() {
    return patterns.stream().map(BranchPattern::text).toList();
  }

  /// Returns why a run on this branch is not wanted; empty if it is.
  Optional<Explanation> explainSkip(String branch) {
    boolean isIncluded = false;
    boolean hasInclusions = false;
    for (BranchPattern pattern : patterns) {
      boolean matches = pattern.matches(branch);
      if (pattern.isExclusion() && matches) {
        return Optional.of(Code.SKIPPED_BRANCH_EXCLUDED.with(pattern.text(), branch));
      }
      hasInclusions |= !pattern.isExclusion();
      isIncluded |= !pattern.isExclusion() && matches;
    }
    return isIncluded || !hasInclusions
        ? Optional.empty()
        : Optional.of(Code.SKIPPED_BRANCH.with(included(), branch));
  }

  private String included() {
    return patterns.stream()
        .filter(pattern -> !pattern.isExclusion())
        .map(BranchPattern::text)
        .collect(Collectors.joining(", "));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BranchFilter filter && filter.patterns().equals(patterns());
  }

  @Override
  public int hashCode() {
    return patterns().hashCode();
  }

  @Override
  public String toString() {
    return patterns().toString();
  }
}
