package dev.runhook.bootstrap.architecture;

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
  void a_module_brings_the_libraries_that_were_decided_on(Published published) throws Exception {
    List<String> brought =
        dependencies(published.pom())
            .filter(dependency -> !STAYS_WITH_US.contains(text(dependency, "scope")))
            .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
            .toList();

    assertThat(brought).containsExactlyInAnyOrderElementsOf(published.libraries());
  }

  @Test
  void the_application_needs_one_library_and_that_is_annotations() {
    assertThat(Published.APPLICATION.libraries())
        .filteredOn(library -> !library.startsWith("dev.runhook:"))
        .isEqualTo(Published.DOMAIN.libraries())
        .containsExactly("org.jspecify:jspecify");
  }

  @Test
  void the_bom_has_the_version_of_every_module_that_hosts_may_use() throws Exception {
    List<String> managed =
        dependencies(Published.bom())
            .map(dependency -> text(dependency, "artifactId") + " " + text(dependency, "version"))
            .toList();

    assertThat(managed)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Published.values())
                .map(published -> published.artifact() + " ${project.version}")
                .toList());
  }

  @Test
  void the_bom_is_of_the_version_of_the_rest() throws Exception {
    Path house = Published.bom().resolveSibling("../pom.xml").normalize();

    assertThat(text(project(Published.bom()), "version"))
        .isEqualTo(text(project(house), "version"));
  }

  @ParameterizedTest
  @EnumSource
  void the_document_for_hosts_names_what_a_module_brings(Published published) throws IOException {
    String row =
        Files.readAllLines(Published.bom().resolveSibling("../docs/embedding.md")).stream()
            .filter(line -> line.startsWith("| `" + published.artifact() + "`"))
            .findFirst()
            .orElseThrow();

    assertThat(published.libraries())
        .filteredOn(library -> !library.startsWith("dev.runhook:"))
        .filteredOn(library -> published == Published.DOMAIN || !library.contains("jspecify"))
        .allSatisfy(library ->
            assertThat(row).contains("`" + library.substring(library.indexOf(':') + 1) + "`"));
    assertThat(row).contains("`" + published.module() + "`");
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
