package dev.runhook.bootstrap.architecture;

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
enum WallRule implements Rule {
  EVERY_CLASS_BELONGS_TO_A_PART(house -> classes().should().resideInAnyPackage(house.parts())),

  ADAPTERS_DO_NOT_SEE_EACH_OTHER(house ->
      slices()
          .matching(house.base() + ".(http|persistence|outbound)..")
          .should()
          .notDependOnEachOther()),

  DRIVEN_ADAPTERS_SEE_ONLY_THE_SPI(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.persistence(), house.outbound())
          .should()
          .dependOnClassesThat(
              resideInAPackage(house.application())
                  .and(doNot(resideInAPackage(house.spi())))
                  .and(doNot(beAWordOfThePorts(house))))),

  HTTP_SEES_ONLY_DRIVING_PORTS(house ->
      noClasses()
          .that()
          .resideInAPackage(house.http())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(house.spi(), house.outbox(), house.batch())),

  BATCHES_ARE_THE_APPLICATIONS_OWN(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.application())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(house.batch())),

  NOTHING_SEES_THE_BOOTSTRAP(house ->
      noClasses()
          .that()
          .resideOutsideOfPackage(house.bootstrap())
          .should()
          .dependOnClassesThat()
          .resideInAPackage(house.bootstrap())),

  NOTHING_SHIPPED_SEES_THE_TESTKIT(house ->
      noClasses()
          .that()
          .resideInAnyPackage(house.shippedParts())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(house.testkit(), "org.junit..", "org.assertj..", "org.awaitility..")),

  THE_TESTKIT_SEES_NO_ADAPTER(house ->
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
  private final Function<House, ArchRule> rule;

  WallRule(Function<House, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule over(House house) {
    return rule.apply(house).as(name());
  }

  /// The signatures of the driven ports are made of these; what else people are told is no business
  /// of a driven adapter.
  private static DescribedPredicate<JavaClass> beAWordOfThePorts(House house) {
    return resideInAPackage(house.sharedWords())
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
