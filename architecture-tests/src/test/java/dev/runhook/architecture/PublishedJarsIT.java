package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks the published jars.
class PublishedJarsIT {
  /// Files that configure loggers or frameworks with auto-configuration.
  private static final String CONFIGURATION_FILES =
      "(?i).*(logback|log4j|simplelogger|logging|spring)[^/]*\\.(xml|properties|groovy|factories|imports)"
          + "|META-INF/services/(org\\.slf4j|java\\.util\\.logging|io\\.javalin).*";

  private static final long MAX_BYTES_OF_HOST = 6_000_000;

  @ParameterizedTest
  @EnumSource
  void a_jar_has_its_stable_module_name(PublishedModule publishedModule) {
    Set<ModuleReference> modules = ModuleFinder.of(publishedModule.jar()).findAll();

    assertThat(modules)
        .extracting(module -> module.descriptor().name())
        .containsExactly(publishedModule.module());
  }

  /// `runhook-embedded` and a pool, without the driver that the host chooses. A new library must be
  /// listed here.
  @Test
  void a_host_gets_few_and_small_jars() throws IOException {
    String expected =
        "(runhook-(domain|application|adapters-persistence|adapters-outbound|embedded)|jackson-(core|databind|annotations)"
            + "|jdbi3-core|geantyref|uuid-creator|slf4j-api|jspecify|jmustache|HikariCP)-[0-9].*\\.jar";
    try (Stream<Path> server = Files.list(PublishedModule.librariesOfServer())) {
      List<File> jars =
          server.map(Path::toFile).filter(jar -> jar.getName().matches(expected)).toList();

      assertThat(jars).hasSize(15);
      assertThat(jars.stream().mapToLong(File::length).sum()).isLessThan(MAX_BYTES_OF_HOST);
    }
  }

  @Test
  void the_core_runs_on_the_jdk_alone() throws ClassNotFoundException {
    ModuleFinder core =
        ModuleFinder.of(PublishedModule.DOMAIN.jar(), PublishedModule.APPLICATION.jar());
    String application = PublishedModule.APPLICATION.module();
    Configuration resolved =
        ModuleLayer.boot().configuration().resolve(core, ModuleFinder.of(), Set.of(application));
    ModuleLayer layer =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader());

    Class<?> journal =
        Class.forName(
            "dev.runhook.application.run.RunJournal", true, layer.findLoader(application));

    assertThat(journal.getModule().getName()).isEqualTo(application);
    assertThat(resolved.modules())
        .extracting(module -> module.name())
        .contains(PublishedModule.DOMAIN.module())
        .allMatch(name -> name.startsWith("dev.runhook.") || name.startsWith("java."));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SPRING_BOOT_STARTER") // its purpose
  void a_jar_configures_nothing_in_its_host(PublishedModule publishedModule) throws IOException {
    assertThat(entries(publishedModule))
        .extracting(JarEntry::getName)
        .noneMatch(name -> name.matches(CONFIGURATION_FILES));
  }

  @ParameterizedTest
  @EnumSource
  void a_jar_does_not_contain_the_build_time(PublishedModule publishedModule) throws IOException {
    assertThat(entries(publishedModule))
        .hasSizeGreaterThan(10)
        .extracting(JarEntry::getTimeLocal)
        .containsOnly(entries(PublishedModule.DOMAIN).getFirst().getTimeLocal());
  }

  private static List<JarEntry> entries(PublishedModule publishedModule) throws IOException {
    try (JarFile jar = new JarFile(publishedModule.jar().toFile())) {
      return jar.stream().toList();
    }
  }
}
