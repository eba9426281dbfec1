package dev.runhook.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;

/// The packages of the modules. The rules are functions of this record, so that they apply to
/// Runhook and to the [Violations] alike.
///
/// @param base the package that contains the modules
record Layers(String base) {
  static final Layers RUNHOOK = new Layers("dev.runhook");

  private static final List<String> PACKAGES =
      List.of(
          "domain",
          "application",
          "application.query",
          "application.spi",
          "application.outbox",
          "application.batch",
          "application.dispatch",
          "application.run",
          "http",
          "persistence",
          "outbound",
          "embedded",
          "web",
          "client",
          "receiver",
          "diagnosis",
          "bootstrap",
          "bootstrap.cli",
          "testkit");

  String domain() {
    return base + ".domain..";
  }

  String application() {
    return base + ".application..";
  }

  /// Values that driving and driven ports share.
  String query() {
    return base + ".application.query..";
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

  String embedded() {
    return base + ".embedded..";
  }

  String web() {
    return base + ".web..";
  }

  String client() {
    return base + ".client..";
  }

  String bootstrap() {
    return base + ".bootstrap..";
  }

  String cli() {
    return base + ".bootstrap.cli..";
  }

  String receiver() {
    return base + ".receiver..";
  }

  String diagnosis() {
    return base + ".diagnosis..";
  }

  String testkit() {
    return base + ".testkit..";
  }

  String[] core() {
    return new String[] {domain(), application()};
  }

  /// The modules that run in production.
  String[] shippedModules() {
    return new String[] {
      domain(),
      application(),
      http(),
      persistence(),
      outbound(),
      embedded(),
      web(),
      client(),
      receiver(),
      diagnosis(),
      bootstrap()
    };
  }

  /// All modules to which the rules apply.
  String[] modules() {
    return new String[] {
      domain(),
      application(),
      http(),
      persistence(),
      outbound(),
      embedded(),
      web(),
      client(),
      receiver(),
      diagnosis(),
      bootstrap(),
      testkit()
    };
  }

  /// Finds the packages named by rules that contain no classes. A rule about such a package would
  /// pass without checking anything.
  List<String> findMissingPackages(JavaClasses classes) {
    return PACKAGES.stream()
        .map(name -> base + "." + name)
        .filter(name -> classes.stream().noneMatch(resideInAPackage(name + "..")))
        .toList();
  }
}
