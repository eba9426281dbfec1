package dev.runhook.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;

/// Each technology is used in one package. Exceptions state what else needs it.
enum TechnologyRule implements Rule {
  JDBI_ONLY_IN_PERSISTENCE(
      layers -> onlyIn(List.of(layers.persistence()), "org.jdbi..", "org.postgresql..")),

  JDBC_ONLY_IN_PERSISTENCE(layers ->
      // bootstrap opens the connection pool and checks the database; hosts pass their data source;
      // the test kit creates databases for tests; the inbox uses the transaction of its host
      onlyIn(
          List.of(
              layers.persistence(),
              layers.embedded(),
              layers.receiver(),
              layers.bootstrap(),
              layers.testkit()),
          "java.sql..",
          "javax.sql..")),

  HTTP_CLIENT_ONLY_IN_OUTBOUND(layers ->
      // the client calls the API; the receiver of the diagnosis forwards deliveries
      onlyIn(List.of(layers.outbound(), layers.client(), layers.diagnosis()), "java.net.http..")),

  JAVALIN_ONLY_IN_HTTP(layers ->
      // bootstrap creates the server on which the API is mounted
      onlyIn(
          List.of(layers.http(), layers.bootstrap()),
          "io.javalin..",
          "org.eclipse.jetty..",
          "jakarta.servlet..")),

  JACKSON_ONLY_AROUND_THE_CORE(layers ->
      // the store keeps the settings of a webhook as JSON; the client reads responses of the API,
      // and commands print them; the diagnosis serializes
      // bodies again, and prints deliveries
      onlyIn(
          List.of(
              layers.http(),
              layers.persistence(),
              layers.outbound(),
              layers.client(),
              layers.cli(),
              layers.diagnosis()),
          "com.fasterxml.jackson..")),

  OPENTELEMETRY_ONLY_IN_BOOTSTRAP(
      layers -> onlyIn(List.of(layers.bootstrap()), "io.opentelemetry..")),

  DAGGER_ONLY_IN_BOOTSTRAP(layers ->
      onlyIn(List.of(layers.bootstrap()), "dagger..", "jakarta.inject..", "javax.inject..")),

  LOGBACK_ONLY_IN_BOOTSTRAP(layers ->
      // the test kit reads what is logged, to detect secrets
      onlyIn(List.of(layers.bootstrap(), layers.testkit()), "ch.qos.logback..")),

  MICROMETER_ONLY_AROUND_THE_CORE(layers ->
      // a service that embeds Runhook may bring a registry
      onlyIn(List.of(layers.embedded(), layers.bootstrap()), "io.micrometer..")),

  PROCESS_INFRASTRUCTURE_ONLY_IN_BOOTSTRAP(layers ->
      // the test kit starts databases for tests
      onlyIn(
          List.of(layers.bootstrap(), layers.testkit()),
          "picocli..",
          "com.zaxxer..",
          "io.zonky..",
          "java.util.logging..")),

  HTTP_SERVER_ONLY_IN_HTTP(layers ->
      // the diagnosis has a receiver
      onlyIn(
          List.of(layers.http(), layers.diagnosis(), layers.bootstrap(), layers.testkit()),
          "com.sun.net.httpserver.."));

  @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
  private final Function<Layers, ArchRule> rule;

  TechnologyRule(Function<Layers, ArchRule> rule) {
    this.rule = rule;
  }

  @Override
  public ArchRule forLayers(Layers layers) {
    return rule.apply(layers).as(name());
  }

  private static ArchRule onlyIn(List<String> homes, String... technology) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(homes.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(technology);
  }
}
