package dev.runhook.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// `/openapi.yaml`: what all other routes take and answer.
final class OpenApiRoutes {
  static final String PATH = "/openapi.yaml";
  private static final String MEDIA_TYPE = "application/yaml";

  private final Answer file = Answer.showing(200, new Answer.Content(MEDIA_TYPE, text()));

  void mount(Routes routes) {
    routes.document(PATH, () -> file);
  }

  private static String text() {
    try (InputStream file =
        Objects.requireNonNull(OpenApiRoutes.class.getResourceAsStream("openapi.yaml"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml of our own jar cannot be read", e);
    }
  }
}
