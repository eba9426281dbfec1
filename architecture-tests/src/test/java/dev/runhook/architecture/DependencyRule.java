package dev.runhook.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;

/// Who may know whom.
enum DependencyRule implements Rule {
  EVERY_CLASS_BELONGS_TO_A_MODULE(house -> classes().should().resideInAnyPackage(house.modules())),

  ADAPTERS_DO_NOT_DEPEND_ON_EACH_OTHER(house ->
      slices()
          .matching(house.base() + ".(http|persistence|outbound)..")
          .should()
          .notDependOnEachOther()),

  DRIVEN_ADAPTERS_DEPEND_ONLY_ON_SPI(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.persistence(), house.outbound())
          .should()
          .dependOnClassesThat(
              resideInAPackage(house.application())
                  .and(doNot(resideInAPackage(house.spi())))
                  .and(doNot(beAWordOfThePorts(house))))),

  HTTP_DEPENDS_ONLY_ON_DRIVING_PORTS(house ->
      noClasses()
          .that()
          .resideInAPackage(house.http())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(house.spi(), house.outbox(), house.batch())),

  BATCH_IS_INTERNAL_TO_APPLICATION(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.application())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(house.batch())),

  NOTHING_DEPENDS_ON_BOOTSTRAP(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.bootstrap())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(house.bootstrap())),

  NOTHING_SHIPPED_DEPENDS_ON_TESTKIT(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.shippedModules())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(house.testkit(), "org.junit..", "org.assertj..", "org.awaitility..")),

  TESTKIT_DEPENDS_ON_NO_ADAPTER(house ->
      noClasses()
          .that()
          .resideInAPackage(house.testkit())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              house.http(), house.persistence(), house.outbound(), house.bootstrap())),

  PACKAGES_HAVE_NO_CYCLES(
      house -> slices().matching(house.base() + ".(**)").should().beFreeOfCycles());

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<Layers, ArchRule> rule;

  DependencyRule(Function<Layers, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule forLayers(Layers layers) {
    return rule.apply(layers).as(name());
  }

  /// The signatures of the driven ports are made of these; what else people are told is no business
  /// of a driven adapter.
  private static DescribedPredicate<JavaClass> beAWordOfThePorts(Layers layers) {
    return resideInAPackage(layers.applicationRoot())
        .and(
            simpleName("Page")
                .or(simpleName("PageRequest"))
                .or(simpleName("DeliveryFilter"))
                .or(simpleName("AuditFilter"))
                .or(simpleName("Fingerprint"))
                .or(nameMatching(".*\\.(DeliveryScope|Pulse|StackGlance)(\\$.*)?"))
                .or(simpleName("StoreUnavailableException"))
                .or(simpleName("StoreBusyException")));
  }
}
