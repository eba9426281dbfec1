package dev.runhook.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Points each rule at a house that breaks it.
class RulesDetectViolationsTest {
  private static final Layers PLANTED = new Layers("dev.runhook.architecture.fixture");
  private static final JavaClasses CLASSES =
      ProjectClasses.importFrom(PLANTED, new ClassFileImporter());

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_finds_what_was_planted_against_it(Rule rule) {
    List<String> violations = violationsOf(rule);

    assertThat(Violations.of(rule))
        .isNotEmpty()
        .allSatisfy(
            planted -> assertThat(violations).anyMatch(violation -> names(violation, planted)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_leaves_the_blameless_alone(Rule rule) {
    List<String> accused =
        violationsOf(rule).stream().map(RulesDetectViolationsTest::accusedBy).toList();

    assertThat(Violations.COMPLIANT)
        .allSatisfy(blameless -> assertThat(accused).noneMatch(each -> names(each, blameless)));
  }

  @Test
  void everything_planted_is_used_or_blameless() {
    List<String> known =
        Stream.concat(
                rules().stream().flatMap(rule -> Violations.of(rule).stream()),
                Violations.COMPLIANT.stream())
            .map(RulesDetectViolationsTest::inFull)
            .toList();

    assertThat(CLASSES)
        .extracting(JavaClass::getName)
        .filteredOn(name -> !name.endsWith("package-info"))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void a_package_that_is_not_there_is_missed() {
    JavaClasses half = CLASSES.that(resideOutsideOfPackage(PLANTED.outbound()));

    assertThat(PLANTED.findMissingPackages(half))
        .anyMatch(missing -> missing.startsWith("outbound has 0 classes"));
  }

  @Test
  void a_long_file_is_found(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Short.java"), "\n".repeat(300));
    Files.writeString(folder.resolve("Long.java"), "\n".repeat(301));

    assertThat(new SourceFiles(folder).longerThan(300)).containsExactly("Long.java has 301 lines");
  }

  static List<Rule> rules() {
    return Rule.all();
  }

  private static List<String> violationsOf(Rule rule) {
    return rule.forLayers(PLANTED).evaluate(CLASSES).getFailureReport().getDetails();
  }

  /// A violation begins with the class or member that is to blame; what it must not know comes
  /// later.
  private static String accusedBy(String violation) {
    return violation.split("[(>]", 2)[0];
  }

  private static boolean names(String violation, String planted) {
    return violation.matches("(?s).*\\b" + inFull(planted).replace(".", "\\.") + "\\b.*");
  }

  private static String inFull(String planted) {
    return PLANTED.base() + "." + planted;
  }
}
