package dev.runhook.architecture;

import java.util.List;

/// The classes of the fixture that violate a rule, by their names within the fixture. The switches
/// have no default, so a new rule does not compile without a violation.
final class Violations {
  /// The classes of the fixture that comply with all rules, including those that use an exception.
  static final List<String> COMPLIANT =
      List.of(
          "domain.run.Transition",
          "application.query.Page",
          "application.refusal.Refusal",
          "application.run.CompliantRunner",
          "application.run.Pause",
          "application.run.Runner",
          "application.spi.Store",
          "application.batch.Batch",
          "http.Request",
          "persistence.SqlStore",
          "bootstrap.ServerStart",
          "client.ConnectsToServer",
          "testkit.FakeStore");

  private Violations() {}

  static List<String> of(Rule rule) {
    return switch (rule) {
      case DependencyRule dependency -> of(dependency);
      case PurityRule purity -> of(purity);
      case TechnologyRule technology -> of(technology);
      case ShapeRule shape -> of(shape);
    };
  }

  private static List<String> of(DependencyRule rule) {
    return switch (rule) {
      case EVERY_CLASS_BELONGS_TO_A_MODULE -> List.of("stray.Stray");
      case ADAPTERS_DO_NOT_DEPEND_ON_EACH_OTHER -> List.of("http.DependsOnPersistence");
      case DRIVEN_ADAPTERS_DEPEND_ONLY_ON_SPI ->
          List.of("persistence.DependsOnDrivingPort", "outbound.DependsOnRefusal");
      case HTTP_DEPENDS_ONLY_ON_DRIVING_PORTS -> List.of("http.DependsOnSpi");
      case BATCH_IS_INTERNAL_TO_APPLICATION -> List.of("bootstrap.DependsOnBatch");
      case NOTHING_DEPENDS_ON_BOOTSTRAP -> List.of("persistence.DependsOnBootstrap");
      case EMBEDDED_DOES_NOT_DEPEND_ON_HTTP -> List.of("embedded.DependsOnHttp");
      case NOTHING_SHIPPED_DEPENDS_ON_TESTKIT ->
          List.of("outbound.DependsOnTestkit", "outbound.UsesAssertj");
      case TESTKIT_DEPENDS_ON_NO_ADAPTER -> List.of("testkit.DependsOnAdapter");
      case PACKAGES_HAVE_NO_CYCLES ->
          List.of("application.webhook.CycleEnd", "application.delivery.CycleStart");
      case CLASSES_HAVE_NO_CYCLES ->
          List.of(
              "outbound.CircleOwner",
              "outbound.CircleUser",
              "application.webhook.CycleEnd",
              "application.delivery.CycleStart");
    };
  }

  private static List<String> of(PurityRule rule) {
    return switch (rule) {
      case DOMAIN_USES_ONLY_VALUES ->
          List.of(
              "domain.run.UsesFiles", "domain.run.DependsOnSpi", "domain.run.UsesProcessBuilder");
      case APPLICATION_DEPENDS_ONLY_ON_DOMAIN -> List.of("application.run.UsesLogger");
      case CORE_HAS_NO_MUTABLE_STATICS -> List.of("domain.run.HasMutableStatic");
      case CORE_HAS_NO_AMBIENT_STATE ->
          List.of("application.run.HoldsScopedValue", "domain.run.HoldsThreadLocal");
      case TIME_AND_IDS_ARE_INJECTED ->
          List.of(
              "http.ReadsSystemClock",
              "persistence.ReadsCurrentTimeMillis",
              "outbound.GeneratesRandomIds",
              "application.run.SeedsRandom");
      case CORE_USES_NO_AMBIENT_RANDOMNESS_OR_NANO_TIME ->
          List.of("application.run.UsesThreadLocalRandom", "domain.run.ReadsNanoTime");
      case CORE_STARTS_NO_THREADS ->
          List.of("application.run.StartsThreads", "application.run.UsesCommonPool");
      case CORE_DOES_NOT_SLEEP -> List.of("application.run.ParksThread");
      case ADAPTERS_CLOSE_THEIR_THREADS -> List.of("outbound.LeaksThreads");
      case ONLY_BOOTSTRAP_READS_ENVIRONMENT_VARIABLES -> List.of("outbound.ReadsEnvironment");
      case CORE_DOES_NOT_PRINT -> List.of("application.run.PrintsToStandardOutput");
    };
  }

  private static List<String> of(TechnologyRule rule) {
    return switch (rule) {
      case JDBI_ONLY_IN_PERSISTENCE -> List.of("http.UsesJdbi");
      case JDBC_ONLY_IN_PERSISTENCE -> List.of("outbound.UsesJdbc");
      case HTTP_CLIENT_ONLY_IN_OUTBOUND -> List.of("bootstrap.UsesHttpClient");
      case JAVALIN_ONLY_IN_HTTP -> List.of("outbound.UsesJavalin");
      case JACKSON_ONLY_AROUND_THE_CORE -> List.of("embedded.UsesJackson");
      case OPENTELEMETRY_ONLY_IN_BOOTSTRAP -> List.of("http.UsesOpenTelemetry");
      case DAGGER_ONLY_IN_BOOTSTRAP -> List.of("http.UsesProvider");
      case LOGBACK_ONLY_IN_BOOTSTRAP -> List.of("http.UsesLogback");
      case MICROMETER_ONLY_AROUND_THE_CORE -> List.of("http.UsesMicrometer");
      case PROCESS_INFRASTRUCTURE_ONLY_IN_BOOTSTRAP ->
          List.of("http.UsesPicocli", "persistence.ConfiguresLogging");
      case HTTP_SERVER_ONLY_IN_HTTP -> List.of("outbound.UsesHttpServer");
    };
  }

  private static List<String> of(ShapeRule rule) {
    return switch (rule) {
      case IMPLEMENTATIONS_ARE_FINAL ->
          List.of("outbound.NonFinalClass", "application.run.NonFinalRunner");
      case NO_FIELD_IS_INJECTED -> List.of("http.HasInjectedField");
      case SIMPLE_NAMES_ARE_UNIQUE -> List.of("http.DependsOnSpi", "domain.run.DependsOnSpi");
      case PACKAGES_ARE_CONCEPTS -> List.of("http.util.MiscellaneousHelper");
      case EVERY_PACKAGE_IS_NULL_MARKED -> List.of("domain.unmarked.Unmarked");
    };
  }
}
