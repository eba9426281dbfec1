package dev.runhook.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.runhook.testkit.Prerequisite;
import java.util.Set;
import java.util.function.Function;

/// What the core may use, and what only bootstrap may read from the environment.
enum PurityRule implements Rule {
  DOMAIN_USES_ONLY_VALUES(layers ->
      classes()
          .that()
          .resideInAPackage(layers.domain())
          .should()
          .onlyDependOnClassesThat(resideInAPackage(layers.domain()).or(AllowedJdkTypes.ALLOWED))),

  APPLICATION_DEPENDS_ONLY_ON_DOMAIN(layers ->
      classes()
          .that()
          .resideInAPackage(layers.application())
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(layers.core())
                  .or(AllowedJdkTypes.ALLOWED)
                  .or(AllowedJdkTypes.CONCURRENCY))),

  CORE_HAS_NO_MUTABLE_STATICS(layers ->
      fields()
          .that()
          .areDeclaredInClassesThat(resideInAnyPackage(layers.core()))
          .and()
          .areStatic()
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .beFinal()),

  CORE_HAS_NO_AMBIENT_STATE(layers ->
      noClasses()
          .that()
          .resideInAnyPackage(layers.core())
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ThreadLocal.class, ScopedValue.class)),

  TIME_AND_IDS_ARE_INJECTED(
      // these have a default clock, which a service can replace
      layers ->
          noClasses()
              .that()
              .resideOutsideOfPackages(layers.bootstrap(), layers.embedded(), layers.receiver())
              .should()
              .accessTargetWhere(AmbientCalls.TIME_AND_IDS)),

  CORE_USES_NO_AMBIENT_RANDOMNESS_OR_NANO_TIME(layers ->
      noClasses()
          .that()
          .resideInAnyPackage(layers.core())
          .should()
          .accessTargetWhere(AmbientCalls.RANDOM_NUMBERS_AND_NANO_TIME)),

  CORE_STARTS_NO_THREADS(layers ->
      noClasses()
          .that()
          .resideInAnyPackage(layers.core())
          .should()
          .accessTargetWhere(AmbientCalls.THREADS)),

  CORE_DOES_NOT_SLEEP(
      // one class may wait for a fixed time
      layers ->
          noClasses()
              .that(
                  resideInAnyPackage(layers.core())
                      .and(not(ShapePredicates.areIn(Exceptions.WAITING_CLASSES))))
              .should()
              .accessTargetWhere(AmbientCalls.SLEEPS)),

  ADAPTERS_CLOSE_THEIR_THREADS(
      // a host must be able to end the threads of the objects that it creates; each thread of the
      // handler ends with its exchange, and that of a stream with the servlet
      layers ->
          noClasses()
              .that()
              .resideInAnyPackage(layers.http(), layers.persistence(), layers.outbound())
              .and()
              .areNotAssignableTo(AutoCloseable.class)
              .and()
              .doNotHaveSimpleName("HttpApiHandler")
              .should()
              .accessTargetWhere(AmbientCalls.THREADS)),

  ONLY_BOOTSTRAP_READS_ENVIRONMENT_VARIABLES(
      // a test that lacks something fails if CI is set
      layers ->
          noClasses()
              .that()
              .resideOutsideOfPackage(layers.bootstrap())
              .and()
              .doNotHaveFullyQualifiedName(Prerequisite.class.getName())
              .should()
              .accessTargetWhere(AmbientCalls.ENVIRONMENT_VARIABLES)),

  CORE_DOES_NOT_PRINT(layers ->
      noClasses()
          .that()
          .resideInAnyPackage(layers.core())
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

  /// The exceptions to the rules, by simple name.
  static final class Exceptions {
    /// The class of the core that waits for a fixed time.
    static final Set<String> WAITING_CLASSES = Set.of("Pause");

    private Exceptions() {}
  }
}
