package dev.runhook.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;

/// Each technology has one home. Where the composition needs a piece of one too, it says for what.
enum TechnologyRule implements Rule {
  JDBI_ONLY_IN_PERSISTENCE(house ->
      onlyIn(List.of(house.persistence()), "org.jdbi..", "org.flywaydb..", "org.postgresql..")),

  JDBC_ONLY_IN_PERSISTENCE(house ->
      // the composition opens the pool and asks it whether the database answers
      onlyIn(List.of(house.persistence(), house.bootstrap()), "java.sql..", "javax.sql..")),

  HTTP_CLIENT_ONLY_IN_OUTBOUND(house ->
      // the demonstration plays the system whose runs are told of, and calls our API as that would;
      // the example receiver passes on what it got
      onlyIn(List.of(house.outbound(), house.demo(), house.receiver()), "java.net.http..")),

  JAVALIN_ONLY_IN_HTTP(house ->
      // the composition creates the server that the API is mounted into
      onlyIn(
          List.of(house.http(), house.bootstrap()),
          "io.javalin..",
          "org.eclipse.jetty..",
          "jakarta.servlet..")),

  JACKSON_ONLY_IN_HTTP_AND_OUTBOUND(house ->
      // the API and the payloads; the demonstration reads the API's answers, the example receiver
      // prints what it got
      onlyIn(
          List.of(house.http(), house.outbound(), house.demo(), house.receiver()),
          "com.fasterxml.jackson..")),

  DAGGER_ONLY_IN_BOOTSTRAP(house ->
      onlyIn(List.of(house.bootstrap()), "dagger..", "jakarta.inject..", "javax.inject..")),

  PROCESS_INFRASTRUCTURE_ONLY_IN_BOOTSTRAP(house ->
      onlyIn(
          List.of(house.bootstrap()),
          "picocli..",
          "com.zaxxer..",
          "io.zonky..",
          "ch.qos.logback..",
          "java.util.logging..",
          "io.micrometer..",
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
