package dev.runhook.bootstrap.architecture;

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
  THE_DOMAIN_IS_PURE(house ->
      classes()
          .that()
          .resideInAPackage(house.domain())
          .should()
          .onlyDependOnClassesThat(resideInAPackage(house.domain()).or(PureJava.TYPES))),

  THE_APPLICATION_KNOWS_THE_DOMAIN_ALONE(house ->
      classes()
          .that()
          .resideInAPackage(house.application())
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(house.application(), house.domain())
                  .or(PureJava.TYPES)
                  .or(PureJava.CONCURRENCY))),

  STATE_DOES_NOT_CHANGE_IN_PLACE(house ->
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(house.domain(), house.application())
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .beFinal()),

  TIME_AND_IDS_COME_FROM_OUTSIDE(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.bootstrap())
          .should()
          .accessTargetWhere(AmbientCalls.TIME_AND_IDS)),

  THE_INSIDE_TAKES_NO_CHANCE_AND_NO_TICKS(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should()
          .accessTargetWhere(AmbientCalls.CHANCE_AND_TICKS)),

  THE_INSIDE_STARTS_NO_THREADS(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should()
          .accessTargetWhere(AmbientCalls.THREADS)),

  ADAPTERS_END_THEIR_THREADS(
      // a host gets threads of ours only by what it makes itself, and can close
      house ->
          noClasses()
              .that()
              .resideInAnyPackage(house.http(), house.persistence(), house.outbound())
              .and()
              .areNotAssignableTo(AutoCloseable.class)
              .should()
              .accessTargetWhere(AmbientCalls.THREADS)),

  THE_INSIDE_DOES_NOT_PRINT(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.domain(), house.application())
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<House, ArchRule> rule;

  PurityRule(Function<House, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule over(House house) {
    return rule.apply(house).as(name());
  }
}
