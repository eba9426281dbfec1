package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Serves the description of the API at `/openapi.yaml`.
public final class OpenApiRoutes {
  public static final String PATH = "/openapi.yaml";
  private static final String MEDIA_TYPE = "application/yaml";

  private final ApiResponse file =
      ApiResponse.ofContent(200, new ApiResponse.Content(MEDIA_TYPE, text()));

  void mount(Routes routes) {
    routes.raw(PATH, () -> file);
  }

  private static String text() {
    try (InputStream file =
        Objects.requireNonNull(OpenApiRoutes.class.getResourceAsStream("openapi.yaml"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read openapi.yaml from the jar", e);
    }
  }
}
