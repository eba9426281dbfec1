package dev.runhook.bootstrap.architecture;

import java.util.List;

/// The planted classes that break a rule, by their names within the planted house. There is no
/// default: a new rule does not compile without one.
final class Planted {
  /// Classes of the planted house that keep every rule, the exceptions used included.
  static final List<String> BLAMELESS =
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

  private Planted() {}

  static List<String> against(Rule rule) {
    return switch (rule) {
      case WallRule wall -> against(wall);
      case PurityRule purity -> against(purity);
      case HomeRule home -> against(home);
      case FormRule form -> against(form);
    };
  }

  private static List<String> against(WallRule rule) {
    return switch (rule) {
      case EVERY_CLASS_BELONGS_TO_A_PART -> List.of("stray.Stray");
      case ADAPTERS_DO_NOT_SEE_EACH_OTHER -> List.of("http.SeesPersistence");
      case DRIVEN_ADAPTERS_SEE_ONLY_THE_SPI ->
          List.of("persistence.SeesADrivingPort", "outbound.SeesRefusals");
      case HTTP_SEES_ONLY_DRIVING_PORTS -> List.of("http.SeesTheSpi");
      case BATCHES_ARE_THE_APPLICATIONS_OWN -> List.of("bootstrap.SeesBatches");
      case NOTHING_SEES_THE_BOOTSTRAP -> List.of("persistence.SeesTheBootstrap");
      case NOTHING_SHIPPED_SEES_THE_TESTKIT ->
          List.of("outbound.SeesTheTestkit", "outbound.AssertsThings");
      case THE_TESTKIT_SEES_NO_ADAPTER -> List.of("testkit.SeesAnAdapter");
      case PACKAGES_HAVE_NO_CYCLES ->
          List.of("application.webhook.Hen", "application.delivery.Egg");
    };
  }

  private static List<String> against(PurityRule rule) {
    return switch (rule) {
      case THE_DOMAIN_IS_PURE ->
          List.of("domain.run.ReadsFiles", "domain.run.KnowsThePorts", "domain.run.RunsPrograms");
      case THE_APPLICATION_KNOWS_THE_DOMAIN_ALONE -> List.of("application.run.WritesLogs");
      case STATE_DOES_NOT_CHANGE_IN_PLACE -> List.of("domain.run.Counts");
      case TIME_AND_IDS_COME_FROM_OUTSIDE ->
          List.of(
              "http.LooksAtTheWall",
              "persistence.CountsMilliseconds",
              "outbound.InventsIds",
              "application.run.SeedsItself");
      case THE_INSIDE_TAKES_NO_CHANCE_AND_NO_TICKS ->
          List.of("application.run.RollsDice", "domain.run.StopsTime");
      case THE_INSIDE_STARTS_NO_THREADS ->
          List.of("application.run.HiresThreads", "application.run.BorrowsThreads");
      case ADAPTERS_END_THEIR_THREADS -> List.of("outbound.KeepsThreads");
      case THE_INSIDE_DOES_NOT_PRINT -> List.of("application.run.Prints");
    };
  }

  private static List<String> against(HomeRule rule) {
    return switch (rule) {
      case THE_STORE_LIVES_IN_PERSISTENCE -> List.of("http.AsksTheStore");
      case JDBC_LIVES_IN_PERSISTENCE -> List.of("outbound.OpensConnections");
      case THE_HTTP_CLIENT_LIVES_IN_OUTBOUND -> List.of("bootstrap.CallsOut");
      case JAVALIN_LIVES_IN_HTTP -> List.of("outbound.ServesPages");
      case JACKSON_LIVES_WHERE_JSON_IS_SPOKEN -> List.of("persistence.WritesJson");
      case ONLY_THE_BOOTSTRAP_KNOWS_DAGGER -> List.of("http.WiresItself");
      case THE_PROGRAM_AROUND_IT_LIVES_IN_BOOTSTRAP ->
          List.of("http.TakesCommands", "persistence.SetsUpLogging");
    };
  }

  private static List<String> against(FormRule rule) {
    return switch (rule) {
      case USE_CASES_HIDE_BEHIND_INTERFACES ->
          List.of("application.run.PublicRunner", "application.run.OpenRunner");
      case THE_OUTBOX_AND_BATCHES_SHOW_INTERFACES_ALONE ->
          List.of("application.outbox.ShownLetter");
      case IMPLEMENTATIONS_ARE_FINAL -> List.of("outbound.OpenClass");
      case PORTS_HAVE_AT_MOST_TEN_METHODS -> List.of("application.spi.WideStore");
      case CONSTRUCTORS_HAVE_AT_MOST_SEVEN_PARAMETERS -> List.of("persistence.TakesEight");
      case NO_FIELD_IS_INJECTED -> List.of("http.IsInjected");
      case NAMES_SAY_SOMETHING -> List.of("http.PageManager");
      case PACKAGES_ARE_CONCEPTS -> List.of("http.util.Odds");
      case EVERY_PACKAGE_IS_NULL_MARKED -> List.of("domain.unmarked.Unmarked");
    };
  }
}
