package dev.runhook.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static java.util.stream.Collectors.groupingBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;

/// Predicates and conditions about types that ArchUnit does not provide.
final class ShapePredicates {
  /// Classes that another class could extend or construct.
  static final DescribedPredicate<JavaClass> ARE_CONCRETE_CLASSES =
      DescribedPredicate.describe(
          "are concrete classes",
          type ->
              !type.isInterface()
                  && !type.isRecord()
                  && !type.isAssignableTo(Enum.class)
                  && !type.isAnonymousClass()
                  && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                  && !type.getModifiers().contains(JavaModifier.SYNTHETIC));

  static final ArchCondition<JavaClass> BE_IN_A_NULL_MARKED_PACKAGE =
      condition(
          "be in a package that is @NullMarked",
          (type, events) -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
              events.add(
                  violated(type, type.getName() + " is in a package that is not @NullMarked"));
            }
          });

  private static final List<String> TECHNICAL_PACKAGES =
      List.of(
          "common",
          "util",
          "utils",
          "helper",
          "model",
          "impl",
          "dto",
          "service",
          "repository",
          "port",
          "in",
          "out");

  private ShapePredicates() {}

  /// Classes with one of these simple names, and the classes that are nested in them.
  static DescribedPredicate<JavaClass> areIn(Set<String> simpleNames) {
    return DescribedPredicate.describe(
        "are in " + simpleNames, type -> simpleNames.contains(outermost(type).getSimpleName()));
  }

  static String[] technicalPackagesOf(Layers layers) {
    return TECHNICAL_PACKAGES.stream()
        .map(name -> layers.base() + ".." + name + "..")
        .toArray(String[]::new);
  }

  static ArchCondition<JavaClass> haveUniqueSimpleNames() {
    return new ArchCondition<>("have unique simple names") {
      private final Collection<JavaClass> types = new ArrayList<>();

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getSimpleName().equals("package-info")) {
          types.add(type);
        }
      }

      @Override
      public void finish(ConditionEvents events) {
        types.stream().collect(groupingBy(JavaClass::getSimpleName)).values().stream()
            .filter(same -> same.size() > 1)
            .flatMap(Collection::stream)
            .forEach(type ->
                events.add(violated(type, type.getName() + " has the name of another type")));
      }
    };
  }

  static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ShapePredicates::outermost).orElse(type);
  }

  private static ArchCondition<JavaClass> condition(
      String description, BiConsumer<JavaClass, ConditionEvents> check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(type, events);
      }
    };
  }
}
