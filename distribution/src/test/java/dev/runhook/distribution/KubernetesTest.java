package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Reads the manifests into the model of Kubernetes and rejects unknown fields. The manifests are
/// not applied to a cluster.
class KubernetesTest {
  private static final String MANIFESTS = ProjectFiles.text("deploy/kubernetes/runhook.yaml");
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "ServiceAccount", ServiceAccount.class,
          "Deployment", Deployment.class,
          "Service", Service.class,
          "PodDisruptionBudget", PodDisruptionBudget.class,
          "NetworkPolicy", NetworkPolicy.class);

  @Test
  void every_manifest_is_valid() throws IOException {
    assertThat(read(MANIFESTS))
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrderElementsOf(KINDS.keySet());
  }

  @Test
  void an_unknown_field_is_detected() {
    String invalid = MANIFESTS.replace("readOnlyRootFilesystem", "readonlyRootFilesystem");

    assertThatThrownBy(() -> read(invalid)).hasMessageContaining("readonlyRootFilesystem");
  }

  @Test
  void the_grace_period_covers_requests_and_attempts() throws IOException {
    PodSpec pod = pod();
    long preStopSeconds = container().getLifecycle().getPreStop().getSleep().getSeconds();

    assertThat(pod.getTerminationGracePeriodSeconds())
        .as("preStop, active requests (15 s), attempts (10 s + 5 s), other work (5 s)")
        .isGreaterThanOrEqualTo(preStopSeconds + 15 + 15 + 5);
  }

  @Test
  void the_pod_has_minimal_privileges() throws IOException {
    assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod().getAutomountServiceAccountToken()).isFalse();
    assertThat(container().getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container().getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void the_selectors_match_the_pods() throws IOException {
    Map<String, String> labels =
        one(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();

    assertThat(one(Deployment.class).getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
    assertThat(one(Service.class).getSpec().getSelector()).isEqualTo(labels);
    assertThat(one(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
        .isEqualTo(labels);
    assertThat(one(NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels())
        .isEqualTo(labels);
  }

  @Test
  void the_probes_use_paths_of_the_api() throws IOException {
    String api =
        ProjectFiles.text("adapters-http/src/main/resources/dev/runhook/http/server/openapi.yaml");

    assertThat(container().getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(container().getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
    assertThat(api).contains("  /health/live:", "  /health/ready:");
  }

  private static Container container() throws IOException {
    return pod().getContainers().getFirst();
  }

  private static PodSpec pod() throws IOException {
    return one(Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static <T extends HasMetadata> T one(Class<T> kind) throws IOException {
    return read(MANIFESTS).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<HasMetadata> read(String yaml) throws IOException {
    YAMLMapper mapper = new YAMLMapper();
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.setAnnotationIntrospector(new StrictIntrospector());
    List<HasMetadata> manifests = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = mapper.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        Class<? extends HasMetadata> kind = KINDS.get(document.path("kind").asText());
        assertThat(kind).as(document.path("kind").asText()).isNotNull();
        manifests.add(mapper.treeToValue(document, kind));
      }
    }
    return manifests;
  }

  /// Makes unknown fields an error. The model would otherwise store them.
  private static final class StrictIntrospector extends JacksonAnnotationIntrospector {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated member) {
      return member instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(member);
    }
  }
}
