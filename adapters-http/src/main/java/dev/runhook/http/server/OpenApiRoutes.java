package dev.runhook.http.server;

import dev.runhook.http.api.Routes;
import dev.runhook.http.api.StaticContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
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

  private static final Map<String, String> REFERENCE_HEADERS =
      Map.of("Content-Security-Policy", REFERENCE_POLICY, "Referrer-Policy", "same-origin");

  private final StaticContent schema = content("application/schema+json", "payload.schema.json");
  private final StaticContent reference = content("text/html; charset=utf-8", "docs.html");

  void mount(Routes routes) {
    routes.content(YAML_PATH, () -> LargeFiles.YAML, Map.of());
    routes.content(JSON_PATH, () -> LargeFiles.JSON, Map.of());
    routes.content(SCHEMA_PATH, () -> schema, Map.of());
    routes.content(REFERENCE_PATH, () -> reference, REFERENCE_HEADERS);
    routes.content(
        REFERENCE_PATH + "/" + REDOC,
        () -> LargeFiles.REDOC_SCRIPT,
        Map.of("Cache-Control", "max-age=31536000, immutable"));
  }

  /// Files that are loaded only when a client requests the first of them.
  private static final class LargeFiles {
    private static final OpenApiDescription DESCRIPTION = OpenApiDescription.load();
    static final StaticContent YAML = new StaticContent("application/yaml", DESCRIPTION.yaml());
    static final StaticContent JSON = new StaticContent("application/json", DESCRIPTION.json());
    static final StaticContent REDOC_SCRIPT =
        content("text/javascript; charset=utf-8", REDOC_RESOURCE);
  }

  private static StaticContent content(String mediaType, String resource) {
    return new StaticContent(mediaType, read(resource));
  }

  private static byte[] read(String resource) {
    try (InputStream file =
        Objects.requireNonNull(OpenApiRoutes.class.getResourceAsStream(resource), resource)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the jar", e);
    }
  }
}
