package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The manifests of `deploy/kubernetes`. They are not applied to a cluster.
class KubernetesTest {
  private static final String MANIFESTS = ProjectFiles.text("deploy/kubernetes/runhook.yaml");
  private static final String MONITORING = "deploy/kubernetes/monitoring.yaml";

  /// A network, or an address without a prefix length, in code font.
  private static final Pattern NETWORK = Pattern.compile("`([0-9a-f.:]+[.:][0-9a-f.:]*)(/\\d+)?`");

  @Test
  void every_manifest_is_valid() throws IOException {
    assertThat(KubernetesManifests.read(MANIFESTS).all())
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrder(
            "ServiceAccount", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy");
  }

  @Test
  void an_unknown_field_is_detected() {
    String invalid = MANIFESTS.replace("readOnlyRootFilesystem", "readonlyRootFilesystem");

    assertThatThrownBy(() -> KubernetesManifests.read(invalid))
        .hasMessageContaining("readonlyRootFilesystem");
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
  void service_links_do_not_become_settings() throws IOException {
    assertThat(pod().getEnableServiceLinks()).isFalse();
  }

  @Test
  void secrets_are_files_and_not_in_the_environment() throws IOException {
    assertThat(container().getEnv()).extracting(EnvVar::getValueFrom).containsOnlyNulls();
    assertThat(container().getEnv())
        .filteredOn(variable -> variable.getName().endsWith("_FILE"))
        .extracting(EnvVar::getName)
        .containsExactlyInAnyOrder(
            "RUNHOOK_DATABASE_URL_FILE",
            "RUNHOOK_DATABASE_PASSWORD_FILE",
            "RUNHOOK_ADMIN_TOKEN_FILE",
            "RUNHOOK_ENCRYPTION_KEY_FILE");
    assertThat(pod().getVolumes())
        .extracting(Volume::getProjected)
        .filteredOn(Objects::nonNull)
        .singleElement()
        .satisfies(secrets -> assertThat(secrets.getDefaultMode()).isEqualTo(0440));
  }

  @Test
  void the_image_has_a_fixed_version() throws IOException {
    assertThat(container().getImage()).matches(".+:\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void the_network_policy_allows_only_named_sources_and_what_the_egress_policy_allows()
      throws IOException {
    NetworkPolicySpec policy = one(NetworkPolicy.class).getSpec();
    Set<String> denied = new TreeSet<>();
    ProjectFiles.text("docs/internals/threat-model.md")
        .lines()
        .filter(line -> line.startsWith("| "))
        .flatMap(line -> NETWORK.matcher(line).results())
        .map(network -> network.group(1) + (network.group(2) == null ? "/32" : network.group(2)))
        .forEach(denied::add);
    denied.remove("2000::/3");

    Set<String> excepted = new TreeSet<>();
    policy.getEgress().getLast().getTo().stream()
        .map(NetworkPolicyPeer::getIpBlock)
        .forEach(block -> excepted.addAll(block.getExcept()));

    assertThat(policy.getIngress()).allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
    assertThat(excepted).isEqualTo(denied);
  }

  @Test
  void the_monitor_scrapes_all_pods() throws IOException {
    List<JsonNode> documents = KubernetesManifests.documents(ProjectFiles.text(MONITORING));
    JsonNode service = documents.getFirst();
    JsonNode monitor = documents.getLast();

    assertThat(monitor.at("/spec/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
    assertThat(monitor.at("/spec/endpoints/0/path").asText()).isEqualTo("/metrics");
    assertThat(monitor.at("/spec/selector/matchLabels")).isEqualTo(service.at("/metadata/labels"));
    assertThat(labels()).containsAllEntriesOf(map(service.at("/spec/selector")));
    assertThat(one(Service.class).getMetadata().getLabels())
        .as("scraped once")
        .isNotEqualTo(map(service.at("/metadata/labels")));
  }

  @Test
  void the_selectors_match_the_pods() throws IOException {
    assertThat(labels())
        .containsAllEntriesOf(one(Deployment.class).getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(one(Service.class).getSpec().getSelector())
        .containsAllEntriesOf(
            one(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(one(NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels());
  }

  @Test
  void the_probes_use_paths_of_the_api() throws IOException {
    String api =
        ProjectFiles.text("adapters-http/src/main/resources/dev/runhook/http/server/openapi.yaml");

    assertThat(container().getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(container().getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
    assertThat(api).contains("  /health/live:", "  /health/ready:");
  }

  private static Map<String, String> labels() throws IOException {
    return one(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();
  }

  private static Map<String, String> map(JsonNode labels) {
    return new YAMLMapper().convertValue(labels, new TypeReference<>() {});
  }

  private static Container container() throws IOException {
    return pod().getContainers().getFirst();
  }

  private static PodSpec pod() throws IOException {
    return one(Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static <T extends HasMetadata> T one(Class<T> kind) throws IOException {
    return KubernetesManifests.read(MANIFESTS).one(kind);
  }
}
