package dev.runhook.bootstrap.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/// A rule of the house, by its theme. An exception to a rule is a line in the rule, with its
/// reason.
sealed interface Rule permits WallRule, PurityRule, HomeRule, FormRule {
  /// The rule for the parts of that house.
  ArchRule over(House house);

  static List<Rule> all() {
    return Stream.<Rule[]>of(
            WallRule.values(), PurityRule.values(), HomeRule.values(), FormRule.values())
        .flatMap(Stream::of)
        .toList();
  }
}
