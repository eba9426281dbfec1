package dev.runhook.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;

/// What types are called and how they can be used.
enum ShapeRule implements Rule {
  IMPLEMENTATIONS_ARE_FINAL(
      // a sealed exception is not final, and bytecode does not show that it is sealed
      layers ->
          classes()
              .that(ShapePredicates.ARE_CONCRETE_CLASSES)
              .and(not(simpleName("StoreUnavailableException")))
              .should()
              .haveModifier(JavaModifier.FINAL)),

  NO_FIELD_IS_INJECTED(layers ->
      noFields()
          .should()
          .beAnnotatedWith("jakarta.inject.Inject")
          .orShould()
          .beAnnotatedWith("javax.inject.Inject")),

  SIMPLE_NAMES_ARE_UNIQUE(layers ->
      classes()
          .that()
          .resideInAnyPackage(layers.shippedModules())
          .and()
          .areTopLevelClasses()
          .should(ShapePredicates.haveUniqueSimpleNames())),

  PACKAGES_ARE_CONCEPTS(layers ->
      noClasses().should().resideInAnyPackage(ShapePredicates.technicalPackagesOf(layers))),

  EVERY_PACKAGE_IS_NULL_MARKED(
      layers -> classes().should(ShapePredicates.BE_IN_A_NULL_MARKED_PACKAGE));

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<Layers, ArchRule> rule;

  ShapeRule(Function<Layers, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule forLayers(Layers layers) {
    return rule.apply(layers).as(name());
  }
}
