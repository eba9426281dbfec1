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

/// Applies each rule to the fixture, which violates it.
class RulesDetectViolationsTest {
  private static final Layers FIXTURE = new Layers("dev.runhook.architecture.fixture");
  private static final JavaClasses CLASSES =
      ProjectClasses.importFrom(FIXTURE, new ClassFileImporter());

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_detects_its_violations(Rule rule) {
    List<String> messages = violationsOf(rule);

    assertThat(Violations.of(rule))
        .isNotEmpty()
        .allSatisfy(
            violation -> assertThat(messages).anyMatch(message -> names(message, violation)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_accepts_compliant_classes(Rule rule) {
    List<String> reported =
        violationsOf(rule).stream().map(RulesDetectViolationsTest::originOf).toList();

    assertThat(Violations.COMPLIANT)
        .allSatisfy(compliant -> assertThat(reported).noneMatch(each -> names(each, compliant)));
  }

  @Test
  void every_class_of_the_fixture_is_listed() {
    List<String> listed =
        Stream.concat(
                rules().stream().flatMap(rule -> Violations.of(rule).stream()),
                Violations.COMPLIANT.stream())
            .map(RulesDetectViolationsTest::qualified)
            .distinct()
            .toList();

    assertThat(CLASSES)
        .filteredOn(JavaClass::isTopLevelClass)
        .extracting(JavaClass::getName)
        .filteredOn(name -> !name.endsWith("package-info"))
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void a_missing_package_is_detected() {
    JavaClasses incomplete = CLASSES.that(resideOutsideOfPackage(FIXTURE.outbound()));

    assertThat(FIXTURE.findMissingPackages(incomplete)).contains(FIXTURE.base() + ".outbound");
  }

  @Test
  void the_name_of_an_environment_variable_is_detected(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Plain.java"), "// the port");
    Files.writeString(folder.resolve("Named.java"), "// see RUNHOOK_PORT");

    assertThat(new SourceFiles(folder).findContaining("RUNHOOK_")).containsExactly("Named.java");
  }

  static List<Rule> rules() {
    return Rule.all();
  }

  private static List<String> violationsOf(Rule rule) {
    return rule.forLayers(FIXTURE).evaluate(CLASSES).getFailureReport().getDetails();
  }

  /// The class or member that violates the rule. It comes first in the message, before the
  /// forbidden dependency.
  private static String originOf(String message) {
    return message.split("[(>]", 2)[0];
  }

  private static boolean names(String message, String violation) {
    return message.matches("(?s).*\\b" + qualified(violation).replace(".", "\\.") + "\\b.*");
  }

  private static String qualified(String name) {
    return FIXTURE.base() + "." + name;
  }
}
