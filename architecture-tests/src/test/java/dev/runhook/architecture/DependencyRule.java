package dev.runhook.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;

/// Which module and which package may depend on which.
enum DependencyRule implements Rule {
  EVERY_CLASS_BELONGS_TO_A_MODULE(
      layers -> classes().should().resideInAnyPackage(layers.modules())),

  ADAPTERS_DO_NOT_DEPEND_ON_EACH_OTHER(layers ->
      slices()
          .matching(layers.base() + ".(http|persistence|outbound|diagnosis)..")
          .should()
          .notDependOnEachOther()),

  DRIVEN_ADAPTERS_DEPEND_ONLY_ON_SPI(
      // filters and pages are values of the driving and the driven ports
      layers ->
          noClasses()
              .that()
              .resideInAnyPackage(layers.persistence(), layers.outbound())
              .should()
              .dependOnClassesThat(
                  resideInAPackage(layers.application())
                      .and(doNot(resideInAnyPackage(layers.spi(), layers.query()))))),

  HTTP_DEPENDS_ONLY_ON_DRIVING_PORTS(
      // the driving ports also throw what the stores throw if they are unavailable
      layers ->
          noClasses()
              .that()
              .resideInAPackage(layers.http())
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(layers.spi(), layers.outbox(), layers.batch())
                      .and(doNot(nameMatching(".*\\.StoreUnavailableException"))))),

  BATCH_IS_INTERNAL_TO_APPLICATION(layers ->
      noClasses()
          .that()
          .resideOutsideOfPackage(layers.application())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(layers.batch())),

  NOTHING_DEPENDS_ON_BOOTSTRAP(layers ->
      noClasses()
          .that()
          .resideOutsideOfPackage(layers.bootstrap())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(layers.bootstrap())),

  EMBEDDED_DOES_NOT_DEPEND_ON_HTTP(
      // a service that embeds Runhook need not bring a web server
      layers ->
          noClasses()
              .that()
              .resideInAPackage(layers.embedded())
              .should()
              .dependOnClassesThat()
              .resideInAPackage(layers.http())),

  NOTHING_SHIPPED_DEPENDS_ON_TESTKIT(
      // the same applies to the libraries that the test kit uses
      layers ->
          noClasses()
              .that()
              .resideInAnyPackage(layers.shippedModules())
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(
                  layers.testkit(), "org.junit..", "org.assertj..", "org.awaitility..")),

  TESTKIT_DEPENDS_ON_NO_ADAPTER(layers ->
      noClasses()
          .that()
          .resideInAPackage(layers.testkit())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              layers.http(), layers.persistence(), layers.outbound(), layers.bootstrap())),

  PACKAGES_HAVE_NO_CYCLES(
      layers -> slices().matching(layers.base() + ".(**)").should().beFreeOfCycles()),

  CLASSES_HAVE_NO_CYCLES(layers ->
      classes().that().resideInAnyPackage(layers.shippedModules()).should(new ClassCycles()));

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<Layers, ArchRule> rule;

  DependencyRule(Function<Layers, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule forLayers(Layers layers) {
    return rule.apply(layers).as(name());
  }
}
