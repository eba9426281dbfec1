package dev.runhook.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the parts of the house are. The rules are functions of it, so that they can be pointed at
/// ours and at a planted one.
///
/// @param base the package that holds the parts
record Layers(String base) {
  static final Layers RUNHOOK = new Layers("dev.runhook");

  /// How many classes each package that the rules speak of has at the very least. A rule about a
  /// package that is not there passes in silence.
  private static final Map<String, Integer> LEAST_CLASSES =
      Map.ofEntries(
          entry("domain", 75),
          entry("application", 93),
          entry("application.spi", 20),
          entry("application.outbox", 4),
          entry("application.batch", 2),
          entry("http", 45),
          entry("persistence", 30),
          entry("outbound", 35),
          entry("bootstrap", 35),
          entry("bootstrap.demo", 2),
          entry("bootstrap.receiver", 11),
          entry("testkit", 30));

  String domain() {
    return base + ".domain..";
  }

  String application() {
    return base + ".application..";
  }

  /// Only the words that all ports share.
  String applicationRoot() {
    return base + ".application";
  }

  /// The driven ports.
  String spi() {
    return base + ".application.spi..";
  }

  String outbox() {
    return base + ".application.outbox..";
  }

  String batch() {
    return base + ".application.batch..";
  }

  String http() {
    return base + ".http..";
  }

  String persistence() {
    return base + ".persistence..";
  }

  String outbound() {
    return base + ".outbound..";
  }

  String bootstrap() {
    return base + ".bootstrap..";
  }

  String demo() {
    return base + ".bootstrap.demo..";
  }

  String receiver() {
    return base + ".bootstrap.receiver..";
  }

  String testkit() {
    return base + ".testkit..";
  }

  /// The packages of all parts.
  String[] modules() {
    return new String[] {
      domain(), application(), http(), persistence(), outbound(), bootstrap(), testkit()
    };
  }

  /// What runs in production.
  String[] shippedModules() {
    return new String[] {domain(), application(), http(), persistence(), outbound(), bootstrap()};
  }

  /// The packages that have fewer classes than they must, each with what was counted.
  List<String> findMissingPackages(JavaClasses classes) {
    List<String> missing = new ArrayList<>();
    LEAST_CLASSES.forEach((name, least) -> {
      long found =
          classes.stream()
              .filter(resideInAPackage(base + "." + name + ".."))
              .map(JavaClass::getName)
              .count();
      if (found < least) {
        missing.add("%s has %d classes, at least %d were expected".formatted(name, found, least));
      }
    });
    return missing;
  }
}
