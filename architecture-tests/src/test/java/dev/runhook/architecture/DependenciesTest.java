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

/// Which libraries each published module brings to a host.
class DependenciesTest {
  private static final Set<String> NOT_PUBLISHED = Set.of("test", "provided");

  @ParameterizedTest
  @EnumSource
  void a_module_brings_only_the_listed_libraries(PublishedModule publishedModule) throws Exception {
    List<String> libraries =
        dependencies(publishedModule.pom())
            .filter(dependency -> !NOT_PUBLISHED.contains(text(dependency, "scope")))
            .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
            .toList();

    assertThat(libraries).containsExactlyInAnyOrderElementsOf(publishedModule.libraries());
  }

  @Test
  void the_application_needs_only_annotations() {
    assertThat(PublishedModule.APPLICATION.libraries())
        .filteredOn(library -> !library.startsWith("dev.runhook:"))
        .isEqualTo(PublishedModule.DOMAIN.libraries())
        .containsExactly("org.jspecify:jspecify");
  }

  @Test
  void the_bom_lists_every_published_module() throws Exception {
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
  void the_bom_has_the_version_of_the_project() throws Exception {
    Path parent = PublishedModule.bom().resolveSibling("../pom.xml").normalize();

    assertThat(text(project(PublishedModule.bom()), "version"))
        .isEqualTo(text(project(parent), "version"));
  }

  @ParameterizedTest
  @EnumSource
  void the_embedding_document_lists_the_libraries_of_each_module(PublishedModule publishedModule)
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

  /// The text of the child element, or an empty string if there is none.
  private static String text(Element parent, String name) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals(name)) {
        return child.getTextContent().strip();
      }
    }
    return "";
  }
}
