package dev.runhook.domain.filter;

import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.text.Glob;
import dev.runhook.domain.text.TextLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The changes of resources that a webhook is notified of, as patterns in any order. In a pattern,
/// `*` stands for any characters. It must match the address or the type of a resource. Before it
/// can stand `create:`, `update:`, `delete:`, `replace:` or `destroy:`, which is one of the two
/// before; otherwise, any action matches.
///
/// The patterns are parsed once, here. All patterns for an action are matched at once, so that the
/// longest filters of a stack with 100 webhooks take about 100 ms for the longest list of changes.
public final class ResourceFilter {
  private static final ResourceFilter ALL = new ResourceFilter(Set.of());
  private static final int MAX_PATTERNS = 10;
  private static final int MAX_LENGTH = 256;
  private static final Pattern PREFIXED = Pattern.compile("([a-z]+):(.*)");
  private static final String DESTROY = "destroy";

  private final List<String> patterns;
  private final Map<Action, Glob> globs = new EnumMap<>(Action.class);

  private ResourceFilter(Set<String> patterns) {
    this.patterns = List.copyOf(patterns);
    for (Action action : Action.values()) {
      List<String> globsOfAction = new ArrayList<>();
      for (String pattern : patterns) {
        if (actionsOf(pattern).contains(action)) {
          globsOfAction.add(globOf(pattern));
        }
      }
      if (!globsOfAction.isEmpty()) {
        globs.put(action, Glob.anyOf(globsOfAction));
      }
    }
  }

  public static ResourceFilter all() {
    return ALL;
  }

  /// @throws IllegalArgumentException if a pattern is invalid, or there are too many
  public static ResourceFilter of(Collection<String> patterns) {
    if (patterns.isEmpty()) {
      return ALL;
    }
    Set<String> sorted = new TreeSet<>(patterns);
    if (sorted.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException(
          "a webhook has at most %d resource patterns, not %d"
              .formatted(MAX_PATTERNS, sorted.size()));
    }
    if (sorted.stream().mapToInt(String::length).sum() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the resource patterns of a webhook have at most " + MAX_LENGTH + " characters in all");
    }
    for (String pattern : sorted) {
      TextLimits.requirePrintable("a resource pattern", pattern);
      if (globOf(pattern).isBlank()) {
        throw new IllegalArgumentException("a resource pattern is blank");
      }
    }
    return new ResourceFilter(sorted);
  }

  /// Returns the patterns, sorted and without duplicates.
  public List<String> patterns() {
    return patterns;
  }

  boolean isAll() {
    return patterns.isEmpty();
  }

  boolean matches(ResourceChange change) {
    Glob glob = globs.get(change.action());
    return glob != null && (glob.matches(change.address()) || glob.matches(change.type()));
  }

  private static Set<Action> actionsOf(String pattern) {
    Matcher matcher = PREFIXED.matcher(pattern);
    if (!matcher.matches()) {
      return EnumSet.allOf(Action.class);
    }
    String name = matcher.group(1);
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (Action action : Action.values()) {
      if (action.wireName().equals(name) || (action.destroys() && name.equals(DESTROY))) {
        actions.add(action);
      }
    }
    if (actions.isEmpty()) {
      throw new IllegalArgumentException(
          "\"%s:\" is no action; use create:, update:, delete:, replace: or destroy:"
              .formatted(name));
    }
    return actions;
  }

  private static String globOf(String pattern) {
    Matcher matcher = PREFIXED.matcher(pattern);
    return matcher.matches() ? matcher.group(2) : pattern;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResourceFilter filter && filter.patterns.equals(patterns);
  }

  @Override
  public int hashCode() {
    return patterns.hashCode();
  }

  @Override
  public String toString() {
    return patterns.toString();
  }
}
