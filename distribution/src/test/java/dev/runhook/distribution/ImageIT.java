package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;

/// Inspects the image without running it. Requires `mvn -Pimage verify -Dimage.base=scratch
/// -Dimage.goal=buildTar`.
class ImageIT {
  private static final Path IMAGE = Path.of("target", "jib-image.tar");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void the_image_runs_as_an_unprivileged_user_and_listens_on_all_interfaces() throws IOException {
    JsonNode config = configuration();

    assertThat(config.at("/config/User").asText()).isEqualTo("10001:10001");
    assertThat(config.at("/config/Entrypoint").toString())
        .contains("dev.runhook.bootstrap.cli.Main", "-XX:+ExitOnOutOfMemoryError");
    assertThat(config.at("/config/Cmd").toString()).isEqualTo("[\"serve\"]");
    assertThat(config.at("/config/Env").toString()).contains("RUNHOOK_HOST=0.0.0.0");
    assertThat(config.at("/config/Labels/org.opencontainers.image.licenses").asText())
        .isEqualTo("Apache-2.0");
    assertThat(config.at("/created").asText()).isEqualTo("2026-11-25T00:00:00Z");
  }

  @Test
  void the_libraries_are_in_a_separate_layer() throws IOException {
    List<List<String>> layers = layers();

    List<String> libraries = layerWith(layers, "postgresql-");
    assertThat(libraries).noneMatch(name -> name.contains("runhook"));
    assertThat(layerWith(layers, "runhook.jar")).anyMatch(name -> name.contains("runhook-domain"));
    assertThat(layerWith(layers, "data/")).contains("etc/passwd", "etc/group");
    assertThat(layers.stream().flatMap(List::stream))
        .noneMatch(name -> name.contains("testkit") || name.contains("junit"));
  }

  private static List<String> layerWith(List<List<String>> layers, String part) {
    return layers.stream()
        .filter(layer -> layer.stream().anyMatch(name -> name.contains(part)))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode configuration() throws IOException {
    try (TarFile image = new TarFile(IMAGE)) {
      return json(image, manifest(image).path("Config").asText());
    }
  }

  private static List<List<String>> layers() throws IOException {
    List<List<String>> layers = new ArrayList<>();
    try (TarFile image = new TarFile(IMAGE)) {
      for (JsonNode layer : manifest(image).path("Layers")) {
        try (InputStream packed = image.getInputStream(entry(image, layer.asText()))) {
          layers.add(names(packed));
        }
      }
    }
    return layers;
  }

  private static List<String> names(InputStream packed) throws IOException {
    List<String> names = new ArrayList<>();
    TarArchiveInputStream layer = new TarArchiveInputStream(new GZIPInputStream(packed));
    for (TarArchiveEntry entry = layer.getNextEntry();
        entry != null;
        entry = layer.getNextEntry()) {
      names.add(entry.getName());
    }
    return names;
  }

  private static JsonNode manifest(TarFile image) throws IOException {
    return json(image, "manifest.json").path(0);
  }

  private static JsonNode json(TarFile image, String name) throws IOException {
    try (InputStream content = image.getInputStream(entry(image, name))) {
      return JSON.readTree(content);
    }
  }

  private static TarArchiveEntry entry(TarFile image, String name) {
    return image.getEntries().stream()
        .filter(entry -> entry.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
