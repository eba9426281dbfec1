package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// What a host takes in with each module of ours.
class DependenciesTest {
  private static final Set<String> STAYS_WITH_US = Set.of("test", "provided");

  @ParameterizedTest
  @EnumSource
  void a_module_brings_the_libraries_that_were_decided_on(PublishedModule publishedModule)
      throws Exception {
    List<String> brought =
        dependencies(publishedModule.pom())
            .filter(dependency -> !STAYS_WITH_US.contains(text(dependency, "scope")))
            .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
            .toList();

    assertThat(brought).containsExactlyInAnyOrderElementsOf(publishedModule.libraries());
  }

  @Test
  void the_application_needs_one_library_and_that_is_annotations() {
    assertThat(PublishedModule.APPLICATION.libraries())
        .filteredOn(library -> !library.startsWith("dev.runhook:"))
        .isEqualTo(PublishedModule.DOMAIN.libraries())
        .containsExactly("org.jspecify:jspecify");
  }

  @Test
  void the_bom_has_the_version_of_every_module_that_hosts_may_use() throws Exception {
    List<String> managed =
        dependencies(PublishedModule.bom())
            .map(dependency -> text(dependency, "artifactId") + " " + text(dependency, "version"))
            .toList();

    assertThat(managed)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(PublishedModule.values())
                .map(publishedModule -> publishedModule.artifact() + " ${project.version}")
                .toList());
  }

  @Test
  void the_bom_is_of_the_version_of_the_rest() throws Exception {
    Path house = PublishedModule.bom().resolveSibling("../pom.xml").normalize();

    assertThat(text(project(PublishedModule.bom()), "version"))
        .isEqualTo(text(project(house), "version"));
  }

  @ParameterizedTest
  @EnumSource
  void the_document_for_hosts_names_what_a_module_brings(PublishedModule publishedModule)
      throws IOException {
    String row =
        Files.readAllLines(PublishedModule.bom().resolveSibling("../docs/embedding.md")).stream()
            .filter(line -> line.startsWith("| `" + publishedModule.artifact() + "`"))
            .findFirst()
            .orElseThrow();

    assertThat(publishedModule.libraries())
        .filteredOn(library -> !library.startsWith("dev.runhook:"))
        .filteredOn(
            library -> publishedModule == PublishedModule.DOMAIN || !library.contains("jspecify"))
        .allSatisfy(library ->
            assertThat(row).contains("`" + library.substring(library.indexOf(':') + 1) + "`"));
    assertThat(row).contains("`" + publishedModule.module() + "`");
  }

  private static Stream<Element> dependencies(Path pom) throws Exception {
    NodeList all = project(pom).getElementsByTagName("dependency");
    return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i));
  }

  private static Element project(Path pom) throws Exception {
    Document document =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
    return document.getDocumentElement();
  }

  /// Of the child of that name; empty where there is none.
  private static String text(Element parent, String name) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals(name)) {
        return child.getTextContent().strip();
      }
    }
    return "";
  }
}
