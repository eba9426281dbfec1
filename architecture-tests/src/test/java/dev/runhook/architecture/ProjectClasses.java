package dev.runhook.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/// The classes of a house, without those that Dagger writes: it writes as it likes, and may know
/// everything it puts together.
final class ProjectClasses {
  private static final DescribedPredicate<JavaClass> BY_HAND =
      DescribedPredicate.describe(
          "written by hand",
          type -> !outermost(type).isAnnotatedWith("dagger.internal.DaggerGenerated"));

  private ProjectClasses() {}

  static JavaClasses importFrom(Layers layers, ClassFileImporter importer) {
    return importer.importPackages(layers.base()).that(BY_HAND);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ProjectClasses::outermost).orElse(type);
  }
}
