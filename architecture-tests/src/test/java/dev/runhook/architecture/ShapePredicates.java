package dev.runhook.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The questions about the form of a class that ArchUnit has no words for.
final class ShapePredicates {
  /// Classes that somebody could extend or construct: no interface, record, enum or abstract class,
  /// and none without a name.
  static final DescribedPredicate<JavaClass> ARE_CONCRETE_CLASSES =
      DescribedPredicate.describe(
          "are plain classes",
          type ->
              !type.isInterface()
                  && !type.isRecord()
                  && !type.isAssignableTo(Enum.class)
                  && !type.isAnonymousClass()
                  && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                  && !type.getModifiers().contains(JavaModifier.SYNTHETIC));

  static final DescribedPredicate<JavaClass> HAVE_A_CALLABLE_CONSTRUCTOR =
      DescribedPredicate.describe(
          "have a constructor that is not private",
          type ->
              type.getConstructors().stream()
                  .anyMatch(it -> !it.getModifiers().contains(JavaModifier.PRIVATE)));

  static final ArchCondition<JavaClass> BE_IN_A_NULL_MARKED_PACKAGE =
      condition(
          "be in a package that is @NullMarked",
          (type, events) -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
              events.add(
                  violated(type, type.getName() + " is in a package that is not @NullMarked"));
            }
          });

  private static final List<String> LAYERS =
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

  static String[] technicalLayersOf(Layers layers) {
    return LAYERS.stream().map(layer -> layers.base() + ".." + layer + "..").toArray(String[]::new);
  }

  /// Counts what a caller can call or an adapter must implement, inherited methods too; factories
  /// do not count.
  static ArchCondition<JavaClass> haveAtMostMethods(int most) {
    return condition(
        "have at most " + most + " methods",
        (type, events) -> {
          long methods =
              Stream.concat(Stream.of(type), type.getAllRawInterfaces().stream())
                  .flatMap(each -> each.getMethods().stream())
                  .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                  .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
                  .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                  .count();
          if (methods > most) {
            events.add(violated(type, "%s has %d methods".formatted(type.getName(), methods)));
          }
        });
  }

  static ArchCondition<JavaClass> haveConstructorsWithAtMost(int most) {
    return condition(
        "have constructors with at most " + most + " parameters",
        (type, events) -> {
          for (JavaConstructor constructor : type.getConstructors()) {
            int parameters = constructor.getRawParameterTypes().size();
            if (parameters > most) {
              events.add(
                  violated(
                      type,
                      "%s takes %d parameters".formatted(constructor.getFullName(), parameters)));
            }
          }
        });
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
