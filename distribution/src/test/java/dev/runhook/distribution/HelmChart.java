package dev.runhook.distribution;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The Helm chart, rendered by Helm's own code without a cluster.
final class HelmChart {
  static final Path DIRECTORY = ProjectFiles.path("deploy/helm/runhook");
  static final Path ALERTS = DIRECTORY.resolve("files/prometheus-alerts.yml");
  static final Path DASHBOARD = DIRECTORY.resolve("files/grafana-dashboard.json");

  /// The values of `deploy/kubernetes`.
  static final Map<String, String> PLAIN =
      Map.of(
          "database.secret", "runhook", "keys.secret", "runhook", "serviceMonitor.enabled", "true");

  /// Every optional part except generated keys, with separate pods for requests and deliveries.
  static final Map<String, String> ALL_OPTIONS =
      Map.ofEntries(
          Map.entry("image.digest", "sha256:" + "a".repeat(64)),
          Map.entry("image.pullSecrets[0]", "registry"),
          Map.entry("database.secret", "database"),
          Map.entry("keys.secret", "keys"),
          Map.entry("settings.RUNHOOK_ALLOWED_NETWORKS", "10.1.0.0/16"),
          Map.entry("settings.RUNHOOK_LOG_FORMAT", "text"),
          Map.entry("replicas.all", "0"),
          Map.entry("replicas.api", "2"),
          Map.entry("replicas.worker", "3"),
          Map.entry("autoscaling.enabled", "true"),
          Map.entry("podAnnotations.team", "platform"),
          Map.entry("nodeSelector.pool", "general"),
          Map.entry("tolerations[0].key", "spot"),
          Map.entry("tolerations[0].operator", "Exists"),
          Map.entry("networkPolicy.egress[0].ports[0].port", "4318"),
          Map.entry("ingress.enabled", "true"),
          Map.entry("ingress.className", "nginx"),
          Map.entry("ingress.host", "runhook.example.com"),
          Map.entry("ingress.tlsSecret", "runhook-tls"),
          Map.entry("ingress.annotations.team", "platform"),
          Map.entry("serviceMonitor.enabled", "true"),
          Map.entry("prometheusRule.enabled", "true"),
          Map.entry("dashboard.enabled", "true"));

  private HelmChart() {}

  static String render(Map<String, String> values) {
    return render("runhook", values);
  }

  static String render(String release, Map<String, String> values) {
    TemplateCommand command =
        new Helm(DIRECTORY)
            .template()
            .withName(release)
            .withNamespace("runhook")
            .withKubeVersion("1.30.0");
    values.forEach(command::set);
    return command.call();
  }

  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  static Map<String, String> with(Map<String, String> values, String name, String value) {
    Map<String, String> changed = new TreeMap<>(values);
    changed.put(name, value);
    return changed;
  }
}
