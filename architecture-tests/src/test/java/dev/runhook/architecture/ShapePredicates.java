package dev.runhook.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.satisfied;
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
import java.util.regex.Pattern;
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

  /// Checks the last word of the simple name. Nouns that look like a gerund are excluded.
  static final ArchCondition<JavaClass> HAVE_A_GERUND_OR_PARTICIPLE_AS_NAME =
      condition(
          "have a gerund or a participle as their name",
          (type, events) -> {
            if (isGerundOrParticiple(type.getSimpleName())) {
              events.add(satisfied(type, type.getName() + " does not have a noun as its name"));
            }
          });

  private static final Pattern LAST_WORD = Pattern.compile("[A-Z][a-z]*\\d*$");

  private static final Pattern GERUND_OR_PARTICIPLE =
      Pattern.compile(
          ".*(ing|ings|ed)|Begun|Done|Found|Given|Held|Kept|Known|Lost|Made|Sent|Taken|Told|Written");

  private static final Set<String> NOUNS =
      Set.of("Keyring", "Logging", "Ping", "Routing", "Setting", "Settings");

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

  private static boolean isGerundOrParticiple(String simpleName) {
    return LAST_WORD
        .matcher(simpleName)
        .results()
        .map(word -> word.group())
        .anyMatch(word -> GERUND_OR_PARTICIPLE.matcher(word).matches() && !NOUNS.contains(word));
  }

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
