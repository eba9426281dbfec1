package dev.runhook.http.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Serves the description of the API at `/openapi.yaml` and `/openapi.json`, the JSON Schema of
/// payloads at `/payload.schema.json`, and a human-readable reference at `/docs`. Redoc renders the
/// reference in the browser from a script in the jar, without any access to other hosts.
public final class OpenApiRoutes {
  public static final String YAML_PATH = "/openapi.yaml";
  public static final String JSON_PATH = "/openapi.json";
  public static final String SCHEMA_PATH = "/payload.schema.json";
  public static final String REFERENCE_PATH = "/docs";

  private static final String REDOC = "redoc-2.1.4.js";
  private static final String REDOC_RESOURCE =
      "/META-INF/resources/webjars/redoc/2.1.4/bundles/redoc.standalone.js";

  /// Redoc inserts style elements and runs its search in a worker that it creates from a blob. The
  /// policy blocks the logo of Redoc's vendor, which is on another host.
  private static final String REFERENCE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; "
          + "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'";

  private final ApiResponse yaml = text("application/yaml", "openapi.yaml");
  private final ApiResponse schema = text("application/schema+json", "payload.schema.json");
  private final ApiResponse reference =
      text("text/html; charset=utf-8", "docs.html")
          .withHeader("Content-Security-Policy", REFERENCE_POLICY)
          .withHeader("Referrer-Policy", "same-origin");

  void mount(Routes routes) {
    routes.raw(YAML_PATH, () -> yaml);
    routes.raw(JSON_PATH, () -> LargeFiles.JSON);
    routes.raw(SCHEMA_PATH, () -> schema);
    routes.raw(REFERENCE_PATH, () -> reference);
    routes.raw(REFERENCE_PATH + "/" + REDOC, () -> LargeFiles.REDOC_SCRIPT);
  }

  /// Files that are loaded only when a client requests the first of them.
  private static final class LargeFiles {
    static final ApiResponse JSON =
        ApiResponse.ofText(200, "application/json", toJson(read("openapi.yaml")));
    static final ApiResponse REDOC_SCRIPT =
        text("text/javascript; charset=utf-8", REDOC_RESOURCE)
            .withHeader("Cache-Control", "max-age=31536000, immutable");

    private static String toJson(String yaml) {
      try {
        return new YAMLMapper().readTree(yaml).toString();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("openapi.yaml is not valid YAML", e);
      }
    }
  }

  private static ApiResponse text(String mediaType, String resource) {
    return ApiResponse.ofText(200, mediaType, read(resource));
  }

  private static String read(String resource) {
    try (InputStream file =
        Objects.requireNonNull(OpenApiRoutes.class.getResourceAsStream(resource), resource)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the jar", e);
    }
  }
}
