package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Applies the rules to all modules.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      ProjectClasses.importFrom(
          Layers.RUNHOOK,
          new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()));

  @Test
  void every_package_named_by_a_rule_exists() {
    assertThat(Layers.RUNHOOK.findMissingPackages(CLASSES)).isEmpty();
  }

  @Test
  void every_class_named_as_an_exception_exists() {
    assertThat(CLASSES)
        .filteredOn(JavaClass::isTopLevelClass)
        .extracting(JavaClass::getSimpleName)
        .containsAll(PurityRule.Exceptions.WAITING_CLASSES);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void the_modules_comply_with_the_rule(Rule rule) {
    rule.forLayers(Layers.RUNHOOK).check(CLASSES);
  }

  @Test
  void only_bootstrap_names_environment_variables() {
    SourceFiles sources = SourceFiles.ofProject();

    assertThat(
            List.of(
                "domain",
                "application",
                "application-testkit",
                "adapters-http",
                "adapters-persistence",
                "adapters-outbound",
                "embedded",
                "web",
                "client",
                "receiver",
                "diagnosis"))
        .allSatisfy(module ->
            assertThat(sources.in(module + "/src/main/java").findContaining("RUNHOOK_")).isEmpty());
  }

  static List<Rule> rules() {
    return Rule.all();
  }
}
