package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.testkit.Prerequisite;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The keys that the Helm chart generates. Helm looks for existing ones in the API of Kubernetes,
/// of which a server in this test has the necessary part. Helm finds it through the file that the
/// variable `KUBECONFIG` names, which the build sets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HelmKeysTest {
  private static final Map<String, String> VALUES =
      Map.of("database.secret", "database", "keys.generate", "true");
  private static final String RESOURCES =
      """
      {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
        {"name": "secrets", "singularName": "secret", "namespaced": true, "kind": "Secret", "verbs": ["get"]}]}
      """;
  private static final String NOT_FOUND =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
      """;

  private final HttpServer api = server();
  private volatile Optional<String> existing = Optional.empty();

  @BeforeAll
  void start() throws IOException {
    String config = System.getenv("KUBECONFIG");
    Prerequisite.require(
        config != null && config.startsWith("target/"), "the build has not set KUBECONFIG");
    api.createContext("/api/v1", exchange -> respond(exchange, 200, RESOURCES));
    api.createContext(
        "/api/v1/namespaces/runhook/secrets/runhook-keys",
        exchange ->
            respond(exchange, existing.isPresent() ? 200 : 404, existing.orElse(NOT_FOUND)));
    api.start();
    Files.writeString(
        Path.of(config),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        users: [{name: test, user: {}}]
        """
            .formatted(api.getAddress().getPort()));
  }

  @AfterAll
  void stop() {
    api.stop(0);
  }

  @Test
  void the_keys_of_a_new_release_are_random() throws IOException {
    existing = Optional.empty();

    Secret keys = generate();
    Secret others = generate();

    assertThat(Base64.getDecoder().decode(decoded(keys, "encryption-key"))).hasSize(32);
    assertThat(decoded(keys, "admin-token")).matches("[A-Za-z0-9]{48}");
    assertThat(others.getData().values()).doesNotContainAnyElementsOf(keys.getData().values());
  }

  @Test
  void an_upgrade_repeats_the_keys_that_exist() throws IOException {
    existing =
        Optional.of(
            """
            {"apiVersion": "v1", "kind": "Secret",
             "metadata": {"name": "runhook-keys", "namespace": "runhook"},
             "data": {"admin-token": "dG9rZW4=", "encryption-key": "a2V5"}}
            """);

    Secret keys = generate();

    assertThat(keys.getData())
        .isEqualTo(Map.of("admin-token", "dG9rZW4=", "encryption-key", "a2V5"));
  }

  @Test
  void the_keys_cannot_be_changed_and_remain_without_the_release() throws IOException {
    Secret keys = generate();

    assertThat(keys.getImmutable()).isTrue();
    assertThat(keys.getMetadata().getAnnotations())
        .containsEntry("helm.sh/resource-policy", "keep");
  }

  @Test
  void the_pods_read_the_generated_keys() throws IOException {
    KubernetesManifests manifests = KubernetesManifests.read(HelmChart.render(VALUES));

    assertThat(
            manifests
                .one(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getVolumes()
                .getFirst()
                .getProjected()
                .getSources())
        .extracting(VolumeProjection::getSecret)
        .extracting(secret -> secret.getName())
        .containsExactly("database", "runhook-keys");
  }

  private static Secret generate() throws IOException {
    return KubernetesManifests.read(HelmChart.render(VALUES)).one(Secret.class);
  }

  private static String decoded(Secret secret, String key) {
    byte[] value = Base64.getDecoder().decode(secret.getData().get(key));
    return new String(value, StandardCharsets.UTF_8);
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
