package dev.runhook.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/// An architecture rule. The rules are grouped by topic. Each exception to a rule is part of the
/// rule and states its reason.
sealed interface Rule permits DependencyRule, PurityRule, TechnologyRule, ShapeRule {
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
