package dev.runhook.architecture;

import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds classes that depend on each other in a circle, within a package or across packages. Nested
/// classes count as the class that contains them. Each class is reported with the others of its
/// group.
final class ClassCycles extends ArchCondition<JavaClass> {
  private final Map<String, Set<String>> dependencies = new HashMap<>();
  private final Map<String, Set<String>> reachable = new HashMap<>();

  ClassCycles() {
    super("be in no cycle");
  }

  @Override
  public void init(Collection<JavaClass> classes) {
    Set<String> included =
        classes.stream().map(ClassCycles::topLevelName).collect(Collectors.toSet());
    dependencies.putAll(
        classes.stream()
            .collect(
                groupingBy(
                    ClassCycles::topLevelName,
                    flatMapping(
                        type -> targets(type).filter(included::contains),
                        toCollection(TreeSet::new)))));
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (!type.isTopLevelClass()) {
      return;
    }
    Set<String> others =
        reachableFrom(type.getName()).stream()
            .filter(other -> !other.equals(type.getName()))
            .filter(other -> reachableFrom(other).contains(type.getName()))
            .collect(toCollection(TreeSet::new));
    if (!others.isEmpty()) {
      events.add(
          SimpleConditionEvent.violated(
              type, type.getName() + " is in a cycle with " + String.join(", ", others)));
    }
  }

  private Set<String> reachableFrom(String start) {
    return reachable.computeIfAbsent(
        start,
        ignored -> {
          Set<String> found = new TreeSet<>();
          Deque<String> pending = new ArrayDeque<>(dependencies.getOrDefault(start, Set.of()));
          while (!pending.isEmpty()) {
            String next = pending.pop();
            if (found.add(next)) {
              pending.addAll(dependencies.getOrDefault(next, Set.of()));
            }
          }
          return found;
        });
  }

  private static Stream<String> targets(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(dependency -> topLevelName(dependency.getTargetClass()));
  }

  private static String topLevelName(JavaClass type) {
    return ShapePredicates.outermost(type.getBaseComponentType()).getName();
  }
}
