package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Applies the rules to what is ours, in all modules.
class ArchitectureTest {
  private static final int LONGEST_FILE = 350;

  private static final JavaClasses OURS =
      ProjectClasses.importFrom(
          Layers.RUNHOOK,
          new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()));

  @Test
  void every_package_that_a_rule_names_is_there() {
    assertThat(Layers.RUNHOOK.findMissingPackages(OURS)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void the_house_keeps_the_rule(Rule rule) {
    rule.forLayers(Layers.RUNHOOK).check(OURS);
  }

  @Test
  void no_file_is_long() {
    SourceFiles sources = SourceFiles.ofProject();

    assertThat(sources.all()).hasSizeGreaterThan(200);
    assertThat(sources.longerThan(LONGEST_FILE)).isEmpty();
  }

  static List<Rule> rules() {
    return Rule.all();
  }
}
