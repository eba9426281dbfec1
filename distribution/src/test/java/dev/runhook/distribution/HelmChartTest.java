package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ExternalMetricSource;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The Helm chart and the manifests that it writes. It is not installed in a cluster.
class HelmChartTest {
  private static final Pattern SOURCE = Pattern.compile("(?m)^# Source: runhook/templates/(.+)\n");
  private static final String MONITORING = "servicemonitor.yaml";
  private static final String ALERTS = "prometheusrule.yaml";

  @Test
  void helm_finds_no_problem() {
    LintResult result = HelmChart.lint();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"runhook.yaml, false", "monitoring.yaml, true"})
  void the_manifests_are_the_output_of_the_chart(String name, boolean monitoring)
      throws IOException {
    String file = "deploy/kubernetes/" + name;
    String header = ProjectFiles.text(file).split("---\n", 2)[0];
    Predicate<String> selected = template -> template.equals(MONITORING) == monitoring;

    String expected = header + documents(HelmChart.render(HelmChart.PLAIN), selected);

    if (Boolean.getBoolean("write.manifests")) {
      Files.writeString(ProjectFiles.path(file), expected);
    }
    assertThat(ProjectFiles.text(file))
        .as("write it with -Dtest=HelmChartTest -Dwrite.manifests=true")
        .isEqualTo(expected);
  }

  @Test
  void the_chart_has_the_version_of_the_project() throws IOException {
    JsonNode chart = new YAMLMapper().readTree(HelmChart.DIRECTORY.resolve("Chart.yaml").toFile());

    assertThat(ProjectFiles.text("pom.xml"))
        .containsPattern(
            "<version>" + Pattern.quote(chart.path("version").asText()) + "(-SNAPSHOT)?</version>");
    assertThat(chart.path("appVersion")).isEqualTo(chart.path("version"));
  }

  @Test
  void requests_reach_only_pods_that_serve_them() throws IOException {
    KubernetesManifests manifests = allOptions();
    Deployment api = manifests.named(Deployment.class, "runhook-api");
    Deployment worker = manifests.named(Deployment.class, "runhook-worker");

    Map<String, String> requests =
        manifests.named(Service.class, "runhook").getSpec().getSelector();

    assertThat(manifests.all(Deployment.class)).hasSize(2);
    assertThat(labels(api)).containsAllEntriesOf(requests);
    assertThat(labels(worker).entrySet().containsAll(requests.entrySet())).isFalse();
    assertThat(environment(api)).containsEntry("RUNHOOK_ROLE", "api");
    assertThat(environment(worker)).containsEntry("RUNHOOK_ROLE", "worker");
  }

  @Test
  void each_role_has_its_own_pods_and_budget() throws IOException {
    KubernetesManifests manifests = allOptions();

    for (Deployment deployment : manifests.all(Deployment.class)) {
      String name = deployment.getMetadata().getName();
      Map<String, String> selector = deployment.getSpec().getSelector().getMatchLabels();
      PodDisruptionBudget budget = manifests.named(PodDisruptionBudget.class, name);
      assertThat(budget.getSpec().getSelector().getMatchLabels()).isEqualTo(selector);
      assertThat(manifests.all(Deployment.class))
          .filteredOn(other -> labels(other).entrySet().containsAll(selector.entrySet()))
          .containsExactly(deployment);
    }
  }

  @Test
  void the_metrics_service_selects_all_pods() throws IOException {
    String rendered = HelmChart.render(HelmChart.ALL_OPTIONS);
    JsonNode service =
        KubernetesManifests.documents(documents(rendered, MONITORING::equals)).getFirst();

    assertThat(allOptions().all(Deployment.class))
        .isNotEmpty()
        .allSatisfy(deployment ->
            assertThat(service.at("/spec/selector").properties())
                .allSatisfy(label ->
                    assertThat(labels(deployment))
                        .containsEntry(label.getKey(), label.getValue().asText())));
  }

  @Test
  void the_ingress_leads_to_the_service() throws IOException {
    KubernetesManifests manifests = allOptions();
    Service service = manifests.named(Service.class, "runhook");

    Ingress ingress = manifests.one(Ingress.class);
    IngressBackend backend =
        ingress.getSpec().getRules().getFirst().getHttp().getPaths().getFirst().getBackend();

    assertThat(backend.getService().getName()).isEqualTo(service.getMetadata().getName());
    assertThat(backend.getService().getPort().getName())
        .isEqualTo(service.getSpec().getPorts().getFirst().getName());
    assertThat(ingress.getSpec().getTls().getFirst().getHosts())
        .containsExactly(ingress.getSpec().getRules().getFirst().getHost());
  }

  @Test
  void the_alerts_and_the_dashboard_are_those_of_the_files() throws IOException {
    String rendered = HelmChart.render(HelmChart.ALL_OPTIONS);
    JsonNode rule = KubernetesManifests.documents(documents(rendered, ALERTS::equals)).getFirst();
    ConfigMap dashboard = allOptions().one(ConfigMap.class);

    assertThat(rule.path("spec")).isEqualTo(new YAMLMapper().readTree(HelmChart.ALERTS.toFile()));
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(new ObjectMapper().readTree(dashboard.getData().get("runhook.json")))
        .isEqualTo(new ObjectMapper().readTree(HelmChart.DASHBOARD.toFile()));
    assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
  }

  @Test
  void the_autoscaler_owns_the_number_of_pods_that_send() throws IOException {
    KubernetesManifests manifests = allOptions();
    HorizontalPodAutoscaler autoscaler = manifests.one(HorizontalPodAutoscaler.class);

    ExternalMetricSource metric = autoscaler.getSpec().getMetrics().getFirst().getExternal();

    assertThat(autoscaler.getSpec().getScaleTargetRef().getName()).isEqualTo("runhook-worker");
    assertThat(autoscaler.getSpec().getMinReplicas()).isEqualTo(3);
    assertThat(manifests.named(Deployment.class, "runhook-worker").getSpec().getReplicas())
        .isNull();
    assertThat(manifests.named(Deployment.class, "runhook-api").getSpec().getReplicas())
        .isEqualTo(2);
    assertThat(metric.getTarget().getValue().getAmount()).isEqualTo("10");
    assertThat(ProjectFiles.text("deploy/helm/runhook/README.md"))
        .contains("name: {as: " + metric.getMetric().getName() + "}");
    assertThat(ProjectFiles.text("docs/operations/metrics.md"))
        .contains("runhook_open_deliveries_overdue_seconds{database,health}");
  }

  @Test
  void pods_of_all_roles_are_scaled_if_there_are_no_workers() throws IOException {
    KubernetesManifests manifests =
        manifests(HelmChart.with(HelmChart.PLAIN, "autoscaling.enabled", "true"));

    assertThat(manifests.one(HorizontalPodAutoscaler.class).getSpec().getScaleTargetRef().getName())
        .isEqualTo("runhook");
    assertThat(manifests.one(Deployment.class).getSpec().getReplicas()).isNull();
  }

  @Test
  void settings_become_variables() throws IOException {
    assertThat(environment(allOptions().one(Deployment.class)))
        .containsEntry("RUNHOOK_ALLOWED_NETWORKS", "10.1.0.0/16")
        .containsEntry("RUNHOOK_LOG_FORMAT", "text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUNHOOK_BUCKET_URLS", "RUNHOOK_BUCKET_URLS_FILE"})
  void the_urls_of_buckets_replace_that_of_the_database(String name) throws IOException {
    Map<String, String> values = HelmChart.with(HelmChart.ALL_OPTIONS, "settings." + name, "some");

    assertThat(environment(manifests(values).one(Deployment.class)))
        .containsEntry(name, "some")
        .doesNotContainKey("RUNHOOK_DATABASE_URL_FILE");
  }

  @Test
  void settings_of_the_chart_cannot_be_overridden() throws IOException {
    JsonNode refused =
        new ObjectMapper()
            .readTree(HelmChart.DIRECTORY.resolve("values.schema.json").toFile())
            .at("/properties/settings/propertyNames/not/enum");

    assertThat(StreamSupport.stream(refused.spliterator(), false).map(JsonNode::asText))
        .containsAll(
            environment(allOptions().one(Deployment.class)).keySet().stream()
                .filter(name -> !HelmChart.ALL_OPTIONS.containsKey("settings." + name))
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          database.secret | '' | set database.secret
          keys.secret | '' | set keys.secret
          keys.generate | true | set keys.secret or keys.generate, not both
          replicas.all | 0 | replicas
          replicas.al | 3 | al
          settings.RUNHOOK_ADMIN_TOKEN | 0123456789 | RUNHOOK_ADMIN_TOKEN
          settings.runhook_port | a | runhook_port
          image.digest | latest | digest
          terminationGracePeriodSeconds | 10 | terminationGracePeriodSeconds
          networkPolicy.ingressFrom | {} | ingressFrom
          ingress.enabled | true | set ingress.host
          ingress.host | https://runhook.example.com | host
          """)
  void wrong_values_are_refused(String name, String value, String message) {
    Map<String, String> values = HelmChart.with(HelmChart.PLAIN, name, value);

    assertThatThrownBy(() -> HelmChart.render(values)).hasMessageContaining(message);
  }

  @Test
  void releases_in_the_same_namespace_are_separate() throws IOException {
    Map<String, String> values = HelmChart.with(HelmChart.PLAIN, "serviceMonitor.enabled", "false");

    KubernetesManifests blue = KubernetesManifests.read(HelmChart.render("blue", values));
    KubernetesManifests green = KubernetesManifests.read(HelmChart.render("green", values));

    assertThat(blue.all())
        .extracting(manifest -> manifest.getMetadata().getName())
        .containsOnly("blue-runhook");
    assertThat(labels(green.one(Deployment.class)).entrySet())
        .matches(labels ->
            !labels.containsAll(blue.one(Service.class).getSpec().getSelector().entrySet()));
  }

  /// Returns the documents that the selected templates write, without the lines that name these.
  private static String documents(String rendered, Predicate<String> selected) {
    return Arrays.stream(rendered.split("(?m)^---\n", -1))
        .filter(document -> {
          var source = SOURCE.matcher(document);
          return source.find() && selected.test(source.group(1));
        })
        .map(document -> "---\n" + SOURCE.matcher(document).replaceAll("").strip() + "\n")
        .collect(Collectors.joining());
  }

  private static KubernetesManifests allOptions() throws IOException {
    return manifests(HelmChart.ALL_OPTIONS);
  }

  private static KubernetesManifests manifests(Map<String, String> values) throws IOException {
    return KubernetesManifests.read(
        documents(
            HelmChart.render(values), template -> !Set.of(MONITORING, ALERTS).contains(template)));
  }

  private static Map<String, String> labels(Deployment deployment) {
    return deployment.getSpec().getTemplate().getMetadata().getLabels();
  }

  private static Map<String, String> environment(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }
}
