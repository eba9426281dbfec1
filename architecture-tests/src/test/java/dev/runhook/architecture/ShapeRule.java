package dev.runhook.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveModifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;

/// What a class looks like from outside.
enum ShapeRule implements Rule {
  /// Callers use interfaces, records, enums, exceptions, and classes with a static factory.
  USE_CASES_ARE_PACKAGE_PRIVATE(house ->
      classes()
          .that()
          .resideInAPackage(house.application())
          .and(ShapePredicates.ARE_CONCRETE_CLASSES)
          .and()
          .areNotAssignableTo(Throwable.class)
          .and()
          .doNotHaveSimpleName("ResponseCipher") // a secret, as the domain's are
          .and(ShapePredicates.HAVE_A_CALLABLE_CONSTRUCTOR)
          .should()
          .notBePublic()
          .andShould(haveModifier(JavaModifier.FINAL))),

  OUTBOX_AND_BATCH_EXPOSE_ONLY_INTERFACES(house ->
      classes()
          .that()
          .resideInAnyPackage(house.outbox(), house.batch())
          .and()
          .areTopLevelClasses()
          .and()
          .arePublic()
          .should()
          .beInterfaces()),

  IMPLEMENTATIONS_ARE_FINAL(
      // a sealed exception has its one kin beside it; byte code does not show that it is sealed
      house ->
          classes()
              .that(ShapePredicates.ARE_CONCRETE_CLASSES)
              .and(not(simpleName("StoreUnavailableException")))
              .should()
              .haveModifier(JavaModifier.FINAL)),

  PORTS_HAVE_AT_MOST_TEN_METHODS(house ->
      classes()
          .that()
          .resideInAPackage(house.application())
          .and()
          .areInterfaces()
          .and()
          .doNotHaveSimpleName("UnitOfWork") // the list of the stores
          .should(ShapePredicates.haveAtMostMethods(10))),

  CONSTRUCTORS_HAVE_AT_MOST_SEVEN_PARAMETERS(
      // a record names what it takes, and its parts are what it is made of
      house ->
          classes()
              .that(ShapePredicates.ARE_CONCRETE_CLASSES)
              .should(ShapePredicates.haveConstructorsWithAtMost(7))),

  NO_FIELD_INJECTION(house ->
      noFields()
          .should()
          .beAnnotatedWith("jakarta.inject.Inject")
          .orShould()
          .beAnnotatedWith("javax.inject.Inject")),

  NO_MEANINGLESS_NAMES(house ->
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Impl|Manager|Helper|Util|Utils|Utility|Dto|DTO|Service|Repository|Port)(\\$.*)?")),

  NO_TECHNICAL_LAYER_PACKAGES(
      house -> noClasses().should().resideInAnyPackage(ShapePredicates.technicalLayersOf(house))),

  EVERY_PACKAGE_IS_NULL_MARKED(
      house -> classes().should(ShapePredicates.BE_IN_A_NULL_MARKED_PACKAGE));

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
