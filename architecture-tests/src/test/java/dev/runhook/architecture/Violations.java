package dev.runhook.architecture;

import java.util.List;

/// The planted classes that break a rule, by their names within the planted house. There is no
/// default: a new rule does not compile without one.
final class Violations {
  /// Classes of the planted house that keep every rule, the exceptions used included.
  static final List<String> COMPLIANT =
      List.of(
          "domain.run.Moved",
          "application.Page",
          "application.Refusal",
          "application.run.Runner",
          "application.run.ObedientRunner",
          "application.spi.Store",
          "application.batch.Batch",
          "persistence.SqlStore",
          "bootstrap.Start",
          "bootstrap.demo.Caller",
          "testkit.FakeStore");

  private Violations() {}

  static List<String> of(Rule rule) {
    return switch (rule) {
      case DependencyRule wall -> of(wall);
      case PurityRule purity -> of(purity);
      case TechnologyRule home -> of(home);
      case ShapeRule form -> of(form);
    };
  }

  private static List<String> of(DependencyRule rule) {
    return switch (rule) {
      case EVERY_CLASS_BELONGS_TO_A_MODULE -> List.of("stray.Stray");
      case ADAPTERS_DO_NOT_DEPEND_ON_EACH_OTHER -> List.of("http.SeesPersistence");
      case DRIVEN_ADAPTERS_DEPEND_ONLY_ON_SPI ->
          List.of("persistence.SeesADrivingPort", "outbound.SeesRefusals");
      case HTTP_DEPENDS_ONLY_ON_DRIVING_PORTS -> List.of("http.SeesTheSpi");
      case BATCH_IS_INTERNAL_TO_APPLICATION -> List.of("bootstrap.SeesBatches");
      case NOTHING_DEPENDS_ON_BOOTSTRAP -> List.of("persistence.SeesTheBootstrap");
      case NOTHING_SHIPPED_DEPENDS_ON_TESTKIT ->
          List.of("outbound.SeesTheTestkit", "outbound.AssertsThings");
      case TESTKIT_DEPENDS_ON_NO_ADAPTER -> List.of("testkit.SeesAnAdapter");
      case PACKAGES_HAVE_NO_CYCLES ->
          List.of("application.webhook.Hen", "application.delivery.Egg");
    };
  }

  private static List<String> of(PurityRule rule) {
    return switch (rule) {
      case DOMAIN_IS_PURE ->
          List.of("domain.run.ReadsFiles", "domain.run.KnowsThePorts", "domain.run.RunsPrograms");
      case APPLICATION_DEPENDS_ONLY_ON_DOMAIN -> List.of("application.run.WritesLogs");
      case FIELDS_ARE_FINAL -> List.of("domain.run.Counts");
      case TIME_AND_IDS_ARE_INJECTED ->
          List.of(
              "http.LooksAtTheWall",
              "persistence.CountsMilliseconds",
              "outbound.InventsIds",
              "application.run.SeedsItself");
      case CORE_USES_NO_AMBIENT_RANDOMNESS_OR_NANO_TIME ->
          List.of("application.run.RollsDice", "domain.run.StopsTime");
      case CORE_STARTS_NO_THREADS ->
          List.of("application.run.HiresThreads", "application.run.BorrowsThreads");
      case ADAPTERS_CLOSE_THEIR_THREADS -> List.of("outbound.KeepsThreads");
      case CORE_DOES_NOT_PRINT -> List.of("application.run.Prints");
    };
  }

  private static List<String> of(TechnologyRule rule) {
    return switch (rule) {
      case JDBI_ONLY_IN_PERSISTENCE -> List.of("http.AsksTheStore");
      case JDBC_ONLY_IN_PERSISTENCE -> List.of("outbound.OpensConnections");
      case HTTP_CLIENT_ONLY_IN_OUTBOUND -> List.of("bootstrap.CallsOut");
      case JAVALIN_ONLY_IN_HTTP -> List.of("outbound.ServesPages");
      case JACKSON_ONLY_IN_HTTP_AND_OUTBOUND -> List.of("persistence.WritesJson");
      case DAGGER_ONLY_IN_BOOTSTRAP -> List.of("http.WiresItself");
      case PROCESS_INFRASTRUCTURE_ONLY_IN_BOOTSTRAP ->
          List.of("http.TakesCommands", "persistence.SetsUpLogging");
    };
  }

  private static List<String> of(ShapeRule rule) {
    return switch (rule) {
      case USE_CASES_ARE_PACKAGE_PRIVATE ->
          List.of("application.run.PublicRunner", "application.run.OpenRunner");
      case OUTBOX_AND_BATCH_EXPOSE_ONLY_INTERFACES -> List.of("application.outbox.ShownLetter");
      case IMPLEMENTATIONS_ARE_FINAL -> List.of("outbound.OpenClass");
      case PORTS_HAVE_AT_MOST_TEN_METHODS -> List.of("application.spi.WideStore");
      case CONSTRUCTORS_HAVE_AT_MOST_SEVEN_PARAMETERS -> List.of("persistence.TakesEight");
      case NO_FIELD_INJECTION -> List.of("http.IsInjected");
      case NO_MEANINGLESS_NAMES -> List.of("http.PageManager");
      case NO_TECHNICAL_LAYER_PACKAGES -> List.of("http.util.Odds");
      case EVERY_PACKAGE_IS_NULL_MARKED -> List.of("domain.unmarked.Unmarked");
    };
  }
}
