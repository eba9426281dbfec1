package dev.runhook.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/// Imports the classes of the modules without the code that Dagger generates.
final class ProjectClasses {
  private static final DescribedPredicate<JavaClass> HAND_WRITTEN =
      DescribedPredicate.describe(
          "written by hand",
          type ->
              !ShapePredicates.outermost(type).isAnnotatedWith("dagger.internal.DaggerGenerated"));

  private ProjectClasses() {}

  static JavaClasses importFrom(Layers layers, ClassFileImporter importer) {
    return importer.importPackages(layers.base()).that(HAND_WRITTEN);
  }
}
