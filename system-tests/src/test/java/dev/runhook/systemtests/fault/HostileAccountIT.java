package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fault.WellBehavedAccount.Measurement;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An admin of one stack does what costs the server most, while another account works. The
/// latencies of the other account must stay short.
@SuppressWarnings("NullAway.Init")
class HostileAccountIT {
  private static final Duration MEASURED_TIME = Duration.ofSeconds(FaultSuite.choose(2, 20));
  private static final int NEW_NAMES = 20;
  private static final int TEMPLATES = 40;
  private static final int RUNS = 60;
  private static final int FAILING = 3;
  private static final int FAILING_RUNS = 200;

  /// Of the 99th percentile, on a machine that does nothing else.
  private static final Duration USUAL_LATENCY = Duration.ofMillis(250);

  /// Other programs can slow the machine down during all measurements of an attack, and the short
  /// form runs at the same time as other tests. Without its limits, the server would need seconds.
  private static final int MAX_FACTOR = FaultSuite.choose(6, 3);

  private static final int MEASUREMENTS = 4;

  /// Looks up keys of ten components for each pair of labels, and takes all of the steps that a
  /// template has.
  private static final String COSTLY_TEMPLATE =
      "{\\\"a\\\":\\\"{{#stack.labels}}{{#stack.labels}}%s{{/stack.labels}}{{/stack.labels}}\\\"}"
          .formatted("{{x.x.x.x.x.x.x.x.x.x}}".repeat(50));

  private static final String TEMPLATE =
      ",\"format\":\"template\",\"template\":\"" + COSTLY_TEMPLATE + "\"";
  private static final String LONG_RETRY_SCHEDULE =
      ",\"retrySchedule\":[" + "\"PT1H\",".repeat(8) + "\"PT1H\"]";
  private static final String LONGEST_TIMEOUT = ",\"timeout\":\"PT30S\"";
  private static final String OPERATIONAL = ",\"events\":[\"delivery_failed\"]";
  private static final String PATTERNS =
      ",\"branches\":[" + ("\"!" + "*a".repeat(124) + "b\",").repeat(4) + "\"main\"]";

  private static final FaultSuite SUITE = FaultSuite.of("HostileAccountIT");

  @TempDir private static Path folder;
  private static ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  /// Does not wait for the disk, which other programs use.
  private static PostgresServer database;

  private static RunhookProcess server;
  private static TimedReceiver receiver;
  private static WellBehavedAccount other;
  private static String otherToken = "";
  private static long maxNanos;

  @BeforeAll
  static void start() throws Exception {
    database =
        new PostgresServer(
            folder.resolve("cluster"), Ports.findFree(), false, List.of("fsync=off"));
    installation =
        new ServerInstallation(
            folder,
            Map.of(
                "RUNHOOK_PORT", Integer.toString(Ports.findFree()),
                "RUNHOOK_DATABASE_URL", database.url(),
                "RUNHOOK_ALLOW_UNSAFE_DATABASE", "true",
                "RUNHOOK_ADMIN_TOKEN", FaultFixture.TOKEN,
                "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                "RUNHOOK_PAUSE_AFTER", "1000",
                "RUNHOOK_LOG_LEVEL", "warn"));
    startServer();
    receiver = new TimedReceiver();
    other = new WellBehavedAccount(receiver);
    otherToken = createToken();
    other.createWebhooks(otherClient());

    Measurement undisturbed = fastest(USUAL_LATENCY.toNanos());

    SUITE.report("no attack: " + undisturbed);
    SUITE.report("no attack: new names " + other.measureNewNames(otherClient(), NEW_NAMES));
    maxNanos = MAX_FACTOR * Math.max(USUAL_LATENCY.toNanos(), undisturbed.slowest());
  }

  private static void startServer() {
    server = installation.startCommand(HangingNamesMain.command(), Map.of()).awaitReady();
  }

  private static String createToken() {
    RunhookProcess created =
        installation.start(
            Map.of(), "token", "create", "--local", "--account", "other", "--role", "admin");
    assertThat(created.awaitExit()).as(created.allOutput()).isZero();
    return created.out().lines().getFirst();
  }

  private static ApiClient otherClient() {
    return new ApiClient(server.url(), otherToken);
  }

  @AfterAll
  static void stop() {
    installation.close();
    database.close();
    receiver.close();
  }

  @Test
  void costly_templates_of_reports() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "reports")) {
      attacker.createWebhooks(TEMPLATES, receiver.url("127.0.0.1", ""), TEMPLATE);
      attacker.startRun();
      awaitCostlyTemplate(attacker);

      requireUndisturbed(attacker, 1, attacker::startRun);
    }
  }

  @Test
  void costly_templates_of_operational_events() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "failures")) {
      attacker.createWebhooks(1, closedPort(), ",\"retrySchedule\":[]");
      attacker.createWebhooks(TEMPLATES, receiver.url("127.0.0.1", ""), OPERATIONAL + TEMPLATE);
      attacker.startRun();
      awaitCostlyTemplate(attacker);

      requireUndisturbed(attacker, 1, attacker::startRun);
    }
  }

  @Test
  void costly_templates_of_waiting_deliveries_even_after_a_restart() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "waiting")) {
      String webhook = attacker.createWebhooks(1, closedPort(), LONG_RETRY_SCHEDULE).getFirst();
      attacker.startRuns(RUNS);
      attacker.patch(webhook, TEMPLATE);
      attacker.retry(webhook);
      awaitCostlyTemplate(attacker);

      requireUndisturbed(attacker, 1, () -> attacker.retry(webhook));
      assertThat(server.terminate()).isZero();
      startServer();
      requireUndisturbed(attacker, 0, () -> {});
    }
  }

  @Test
  void operational_events_to_many_webhooks() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "events")) {
      attacker.startRuns(FAILING_RUNS);
      for (int i = 0; i < FAILING; i++) {
        attacker.createWebhooks(1, closedPort(), ",\"retrySchedule\":[]");
      }
      attacker.createWebhooks(
          StackAdmin.MAX_WEBHOOKS - FAILING, receiver.url("127.0.0.1", ""), OPERATIONAL);

      requireUndisturbed(attacker, 1, attacker::reportTransitions);
    }
  }

  @Test
  void long_patterns_of_branches() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "patterns")) {
      attacker.startRuns(RUNS);
      attacker.createWebhooks(StackAdmin.MAX_WEBHOOKS, receiver.url("127.0.0.1", ""), PATTERNS);

      requireUndisturbed(attacker, 2, attacker::reportTransitions);
    }
  }

  @Test
  void names_that_dns_never_answers() throws Exception {
    try (StackAdmin attacker = new StackAdmin(server, "dns")) {
      for (int i = 0; i < StackAdmin.MAX_WEBHOOKS; i++) {
        attacker.createWebhooks(1, "http://name-" + i + HangingNamesMain.HANGING, "");
      }

      requireUndisturbed(attacker, 1, attacker::startRun);
      try (Attack _ = Attack.start(1, attacker::startRun)) {
        Latencies newNames = other.measureNewNames(otherClient(), NEW_NAMES);
        SUITE.report("dns: new names " + newNames);
        assertThat(newNames.percentile(99)).isLessThan(maxNanos);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 2 * StackAdmin.MAX_WEBHOOKS})
  void receivers_that_never_respond(int webhooks) throws Exception {
    try (UnresponsiveReceiver hanging = new UnresponsiveReceiver();
        StackAdmin attacker = new StackAdmin(server, "hanging");
        StackAdmin accomplice = new StackAdmin(server, "hanging-too")) {
      for (StackAdmin each : List.of(attacker, accomplice)) {
        each.createWebhooks(webhooks / 2, "http://127.0.0.1:" + hanging.port(), LONGEST_TIMEOUT);
        each.startRuns(RUNS);
      }
      await().atMost(FaultSuite.timeout()).until(() -> hanging.maxOpenConnections() >= webhooks);

      requireUndisturbed(attacker, 1, attacker::startRun);
      Latencies newNames = other.measureNewNames(otherClient(), NEW_NAMES);
      SUITE.report(webhooks + " hanging: new webhooks " + newNames);
      assertThat(newNames.percentile(99)).isLessThan(maxNanos);
    }
  }

  private static void awaitCostlyTemplate(StackAdmin attacker) {
    await()
        .atMost(FaultSuite.timeout())
        .until(() -> attacker.webhooks().contains("the template takes more than"));
  }

  private static String closedPort() {
    return "http://127.0.0.1:" + Ports.findFree();
  }

  /// Measures the other account while the attacker repeats a call over some connections.
  private static void requireUndisturbed(StackAdmin attacker, int connections, Attack.Call call)
      throws Exception {
    try (Attack attack = Attack.start(connections, call)) {
      Measurement measured = fastest(maxNanos);
      SUITE.report(
          "%s: %s; %s, %d requests to receivers of the attacker"
              .formatted(attacker.stack(), measured, attack.summary(), receiver.untimed()));
      assertThat(measured.slowest()).as(measured.toString()).isLessThan(maxNanos);
    }
  }

  /// Repeats the measurement a few times unless it is fast enough: other programs and the compiler
  /// of the server slow it down for a moment, but an attack lasts.
  private static Measurement fastest(long enough) throws Exception {
    Measurement fastest = other.measure(otherClient(), MEASURED_TIME);
    for (int i = 1; i < MEASUREMENTS && fastest.slowest() >= enough; i++) {
      SUITE.report("repeated after " + fastest);
      Measurement next = other.measure(otherClient(), MEASURED_TIME);
      fastest = next.slowest() < fastest.slowest() ? next : fastest;
    }
    return fastest;
  }
}
