package dev.runhook.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.function.Function;

/// What the inside of the house is made of.
enum PurityRule implements Rule {
  DOMAIN_IS_PURE(house ->
      classes()
          .that()
          .resideInAPackage(house.domain())
          .should()
          .onlyDependOnClassesThat(resideInAPackage(house.domain()).or(AllowedJdkTypes.ALLOWED))),

  APPLICATION_DEPENDS_ONLY_ON_DOMAIN(house ->
      classes()
          .that()
          .resideInAPackage(house.application())
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(house.application(), house.domain())
                  .or(AllowedJdkTypes.ALLOWED)
                  .or(AllowedJdkTypes.CONCURRENCY))),

  FIELDS_ARE_FINAL(house ->
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(house.domain(), house.application())
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .beFinal()),

  TIME_AND_IDS_ARE_INJECTED(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.bootstrap())
          .should()
          .accessTargetWhere(AmbientCalls.TIME_AND_IDS)),

  CORE_USES_NO_AMBIENT_RANDOMNESS_OR_NANO_TIME(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should()
          .accessTargetWhere(AmbientCalls.RANDOM_NUMBERS_AND_NANO_TIME)),

  CORE_STARTS_NO_THREADS(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should()
          .accessTargetWhere(AmbientCalls.THREADS)),

  ADAPTERS_CLOSE_THEIR_THREADS(
      // a host gets threads of ours only by what it makes itself, and can close
      house ->
          noClasses()
              .that()
              .resideInAnyPackage(house.http(), house.persistence(), house.outbound())
              .and()
              .areNotAssignableTo(AutoCloseable.class)
              .should()
              .accessTargetWhere(AmbientCalls.THREADS)),

  CORE_DOES_NOT_PRINT(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<Layers, ArchRule> rule;

  PurityRule(Function<Layers, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule forLayers(Layers layers) {
    return rule.apply(layers).as(name());
  }
}
