package dev.runhook.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/// A rule of the house, by its theme. An exception to a rule is a line in the rule, with its
/// reason.
sealed interface Rule permits DependencyRule, PurityRule, TechnologyRule, ShapeRule {
  /// The rule for the parts of that house.
  ArchRule forLayers(Layers layers);

  static List<Rule> all() {
    return Stream.<Rule[]>of(
            DependencyRule.values(),
            PurityRule.values(),
            TechnologyRule.values(),
            ShapeRule.values())
        .flatMap(Stream::of)
        .toList();
  }
}
