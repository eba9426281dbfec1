package dev.runhook.testkit.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Replays;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.faulty.AdapterTests.OfAccountWebhooks;
import dev.runhook.testkit.faulty.AdapterTests.OfAuditEvents;
import dev.runhook.testkit.faulty.AdapterTests.OfClaims;
import dev.runhook.testkit.faulty.AdapterTests.OfCollapse;
import dev.runhook.testkit.faulty.AdapterTests.OfDeletedHistory;
import dev.runhook.testkit.faulty.AdapterTests.OfDeliveryDetails;
import dev.runhook.testkit.faulty.AdapterTests.OfDeliveryList;
import dev.runhook.testkit.faulty.AdapterTests.OfDeliveryPhases;
import dev.runhook.testkit.faulty.AdapterTests.OfDirectLeases;
import dev.runhook.testkit.faulty.AdapterTests.OfDispatchObserver;
import dev.runhook.testkit.faulty.AdapterTests.OfEvents;
import dev.runhook.testkit.faulty.AdapterTests.OfFairness;
import dev.runhook.testkit.faulty.AdapterTests.OfFormats;
import dev.runhook.testkit.faulty.AdapterTests.OfHistoryPartitions;
import dev.runhook.testkit.faulty.AdapterTests.OfHttpTransport;
import dev.runhook.testkit.faulty.AdapterTests.OfIdGenerator;
import dev.runhook.testkit.faulty.AdapterTests.OfIdempotencyKeys;
import dev.runhook.testkit.faulty.AdapterTests.OfLanes;
import dev.runhook.testkit.faulty.AdapterTests.OfLateDeliveries;
import dev.runhook.testkit.faulty.AdapterTests.OfLeases;
import dev.runhook.testkit.faulty.AdapterTests.OfNextDue;
import dev.runhook.testkit.faulty.AdapterTests.OfOperationalLanes;
import dev.runhook.testkit.faulty.AdapterTests.OfPayloadErasure;
import dev.runhook.testkit.faulty.AdapterTests.OfPayloadRenderer;
import dev.runhook.testkit.faulty.AdapterTests.OfPreviousVersion;
import dev.runhook.testkit.faulty.AdapterTests.OfRates;
import dev.runhook.testkit.faulty.AdapterTests.OfRedelivery;
import dev.runhook.testkit.faulty.AdapterTests.OfReplays;
import dev.runhook.testkit.faulty.AdapterTests.OfRunList;
import dev.runhook.testkit.faulty.AdapterTests.OfRuns;
import dev.runhook.testkit.faulty.AdapterTests.OfSessions;
import dev.runhook.testkit.faulty.AdapterTests.OfStackDeletion;
import dev.runhook.testkit.faulty.AdapterTests.OfStacks;
import dev.runhook.testkit.faulty.AdapterTests.OfStatsQueries;
import dev.runhook.testkit.faulty.AdapterTests.OfTokens;
import dev.runhook.testkit.faulty.AdapterTests.OfTransactor;
import dev.runhook.testkit.faulty.AdapterTests.OfTransport;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhookDeletion;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhookHealth;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhookList;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhookStats;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhooks;
import dev.runhook.testkit.faulty.FaultyTransport.Fault;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Runs the contracts against adapters with one fault each, as the author of an adapter would. Each
/// failure must name the broken requirement.
@Tag("slow")
class FaultyAdaptersTest {
  private static final Path CONTRACTS =
      Path.of("../application-testkit/src/main/java/dev/runhook/testkit/contract");

  private static final Set<Class<?>> WAITING =
      Set.of(OfTransport.class, OfHttpTransport.class, OfDispatchObserver.class);

  @ParameterizedTest(name = "{2}")
  @MethodSource("faults")
  void a_faulty_adapter_fails_the_test_that_names_its_fault(
      Class<?> test, Object adapter, String requirement) {
    List<String> failures = failuresOf(test, adapter);

    String contract = test.getSimpleName().substring("Of".length()) + "Contract";
    assertThat(failures)
        .anyMatch(failure ->
            failure.startsWith(
                "%s requires: %s. %s fails: "
                    .formatted(contract, requirement, test.getSimpleName())))
        .noneMatch(failure -> failure.endsWith(" fails: null"));
  }

  @ParameterizedTest
  @MethodSource("correctAdapters")
  void a_correct_adapter_passes(Class<?> test, Object adapter) {
    assertThat(failuresOf(test, adapter)).isEmpty();
  }

  @Test
  void every_contract_has_a_faulty_adapter_that_fails_it() {
    List<Object> covered = faults().map(fault -> fault.get()[0]).distinct().toList();

    assertThat(covered)
        .containsExactlyInAnyOrder((Object[]) AdapterTests.class.getDeclaredClasses());
  }

  /// `StoresContract`, `ReadModelsContract` and `DeliveriesContract` only combine others, and
  /// `Contract` is an annotation.
  @Test
  void every_contract_has_an_adapter_test() throws IOException {
    try (Stream<Path> files = Files.walk(CONTRACTS)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith("Contract.java"))
                  .map(name -> name.replace(".java", ""))
                  .filter(name ->
                      !Set.of(
                              "Contract",
                              "StoresContract",
                              "ReadModelsContract",
                              "DeliveriesContract")
                          .contains(name))
                  .map(name -> "Of" + name.replace("Contract", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(AdapterTests.class.getDeclaredClasses())
                  .map(Class::getSimpleName)
                  .toList());
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            OfTransactor.class,
            new FaultyAdapters.CommitsPartially(),
            "a transaction rolls back when the work throws"),
        fault(OfStacks.class, FaultyAdapters.everyStackIsNew(), "saving a stack again replaces it"),
        fault(
            OfStackDeletion.class,
            FaultyAdapters.deletedStacksStay(),
            "deleting a stack deletes everything on it"),
        fault(
            OfDeletedHistory.class,
            FaultyAdapters.historyOfDeletedStacksStays(),
            "a new stack with a deleted slug shows nothing of the deleted one"),
        fault(
            OfWebhookStats.class,
            FaultyAdapters.activityIsUnknown(),
            "the activity of a webhook has the first attempts of its newest deliveries"),
        fault(
            OfStacks.class,
            new SwappedStacks(
                new InMemoryTransactor(SettableClock.atNoon()), StacksWithoutLabels::new),
            "a stack is stored unchanged"),
        fault(
            OfRuns.class,
            FaultyAdapters.transitionsAreNotFound(),
            "transitions are stored unchanged and listed by version"),
        fault(
            OfEvents.class,
            FaultyAdapters.payloadsAreDecodedAsText(),
            "payload bytes are stored unchanged"),
        fault(
            OfPayloadErasure.class,
            FaultyAdapters.payloadsAreNeverErased(),
            "only the hash of an erased payload remains"),
        fault(
            OfEvents.class,
            FaultyAdapters.skipReasonsAreNotStored(),
            "a recording is stored as a whole"),
        fault(
            OfPreviousVersion.class,
            FaultyAdapters.lastNotifiedVersionsAreNotStored(),
            "a delivery has the previous version sent to its webhook"),
        fault(
            OfWebhooks.class,
            FaultyAdapters.everyEndpointIsNew(),
            "an endpoint is unique within a stack in any spelling"),
        fault(
            OfWebhookList.class,
            FaultyAdapters.webhooksOfStacksAreNotFound(),
            "webhooks of several stacks are grouped by stack"),
        fault(
            OfWebhookDeletion.class,
            FaultyAdapters.deletingAlwaysReportsSuccess(),
            "deleting a webhook ends its open deliveries and keeps its history"),
        fault(
            OfWebhookHealth.class,
            FaultyAdapters.savingHealthSavesEverything(),
            "saving the health of a webhook changes nothing else"),
        fault(
            OfAccountWebhooks.class,
            FaultyAdapters.deletedAccountWebhooksStay(),
            "a deleted account webhook loses its secrets and is removed later"),
        fault(
            OfTokens.class,
            FaultyAdapters.revokedTokensStayActive(),
            "a revoked token remains with its revocation time"),
        fault(OfSessions.class, FaultyAdapters.sessionsNeverEnd(), "an ended session is not found"),
        fault(
            OfLanes.class,
            FaultyAdapters.lanesNeverAdvance(),
            "deliveries added one by one are sent in version order"),
        fault(
            OfOperationalLanes.class,
            FaultyAdapters.operationalEventsHaveNoLane(),
            "operational events about one webhook arrive in order"),
        fault(
            OfClaims.class,
            FaultyAdapters.claimsAreNotStored(),
            "a claimed delivery is not due until its lease ends"),
        fault(
            OfFairness.class,
            FaultyAdapters.limitsPerWebhookAreIgnored(),
            "a claim respects the limit per webhook minus the held slots"),
        fault(
            OfFairness.class,
            FaultyAdapters.lengthsOfPayloadsAreIgnored(),
            "a large payload takes several slots"),
        fault(
            OfLeases.class,
            FaultyAdapters.everyCompletionIsApplied(),
            "a completed attempt cannot be completed again"),
        fault(
            OfDirectLeases.class,
            FaultyAdapters.everyCompletionIsApplied(),
            "a direct delivery cannot be completed twice"),
        fault(
            OfNextDue.class,
            FaultyAdapters.nextDueIsUnknown(),
            "what is due does not hide what becomes due later"),
        fault(
            OfCollapse.class,
            FaultyAdapters.deliveriesAreNotFound(),
            "a failed delivery is replaced by the newest of its run"),
        fault(
            OfRates.class,
            FaultyAdapters.nextDueIsUnknown(),
            "what waits for the rate says so and wakes the poll"),
        fault(
            OfDeliveryDetails.class,
            FaultyAdapters.deliveriesAreNotFound(),
            "an open delivery shows its state"),
        fault(
            OfDeliveryPhases.class,
            FaultyAdapters.deliveriesAreNotFound(),
            "an open delivery is due or sent or waits for its next attempt"),
        fault(
            OfDeliveryList.class,
            FaultyAdapters.oldestIsListedFirst(Deliveries.class),
            "deliveries are listed newest first and pages neither repeat nor skip any"),
        fault(
            OfRunList.class,
            FaultyAdapters.oldestIsListedFirst(Runs.class),
            "runs are listed newest first and pages neither repeat nor skip any"),
        fault(
            OfAuditEvents.class,
            FaultyAdapters.auditEventsAreNotStored(),
            "an audit event is stored unchanged"),
        fault(
            OfIdempotencyKeys.class,
            FaultyAdapters.responsesAreNotStored(),
            "the commit and the response of a key are stored"),
        fault(
            OfLateDeliveries.class,
            FaultyAdapters.openDeliveriesAreNotSeen(),
            "an event that was delivered late is no longer found"),
        fault(
            OfRedelivery.class,
            FaultyAdapters.openDeliveriesAreNotSeen(),
            "events with an open delivery need no redelivery"),
        fault(
            OfFormats.class,
            FaultyAdapters.formatErrorsAreNotStored(),
            "a webhook keeps its format error until it gets another format"),
        fault(
            OfReplays.class,
            FaultyAdapters.oldestIsListedFirst(Replays.class),
            "replays of a webhook are listed newest first and in pages"),
        fault(
            OfStatsQueries.class,
            FaultyAdapters.statsIgnoreTheLimit(),
            "delivery stats are truncated at the limit per interval"),
        fault(
            OfHistoryPartitions.class,
            new FaultyHistoryPartitions(),
            "recent deliveries are not dropped"),
        fault(
            OfTransport.class,
            TransportFault.sendsNothing(),
            "the bytes of a payload arrive unchanged"),
        fault(
            OfTransport.class,
            TransportFault.decodesPayloadAsText(),
            "the bytes of a payload arrive unchanged"),
        fault(
            OfTransport.class,
            TransportFault.throwsWithoutMessage(),
            "a failure results in an outcome not an exception"),
        fault(
            OfTransport.class,
            TransportFault.ignoresTimeout(),
            "a request ends within its timeout"),
        fault(
            OfTransport.class,
            TransportFault.ignoresInterrupts(),
            "interrupting the caller ends its wait"),
        fault(
            OfTransport.class,
            TransportFault.servesOneThread(),
            "requests of many threads all arrive"),
        fault(
            OfHttpTransport.class,
            sendingNothing(),
            "a receiver gets the exact headers and bytes of the request"),
        fault(
            OfHttpTransport.class,
            FaultyTransport.with(Fault.FOLLOWS_REDIRECTS),
            "a redirect is a response and is not followed"),
        fault(
            OfHttpTransport.class,
            FaultyTransport.with(Fault.IGNORES_TIMEOUT),
            "a silent receiver times out"),
        fault(
            OfHttpTransport.class,
            FaultyTransport.with(Fault.THROWS_NETWORK_ERRORS),
            "a refused connection is the cause"),
        fault(
            OfHttpTransport.class,
            FaultyTransport.with(Fault.DECODES_PAYLOAD_AS_TEXT),
            "a receiver gets the exact headers and bytes of the request"),
        fault(
            OfHttpTransport.class,
            FaultyTransport.with(Fault.IGNORES_INTERRUPTS),
            "interrupting the caller ends the exchange"),
        fault(
            OfIdGenerator.class,
            new FaultyAdapters.RandomIdGenerator(),
            "ids are ordered by time to the millisecond"),
        fault(
            OfPayloadRenderer.class,
            new FaultyAdapters.NondeterministicRenderer(),
            "the same event always has the same bytes"),
        fault(
            OfDispatchObserver.class,
            FaultyAdapters.throwingObserver(),
            "an observer never throws"),
        fault(
            OfDispatchObserver.class,
            FaultyAdapters.slowObserver(),
            "an observer returns quickly"));
  }

  static Stream<Arguments> correctAdapters() {
    SettableClock clock = SettableClock.atNoon();
    return Stream.of(
        Arguments.of(OfTransactor.class, new InMemoryTransactor(clock)),
        Arguments.of(OfClaims.class, new InMemoryTransactor(clock)),
        Arguments.of(OfTransport.class, TransportFault.none()),
        Arguments.of(OfHttpTransport.class, FaultyTransport.with()),
        Arguments.of(OfIdGenerator.class, new SequentialIdGenerator(clock)),
        Arguments.of(OfPayloadRenderer.class, new PlainPayloadRenderer()));
  }

  private static Transport sendingNothing() {
    return ignored -> Outcome.Responded.of(204);
  }

  private static Arguments fault(Class<?> test, Object adapter, String requirement) {
    return Arguments.of(test, adapter, requirement);
  }

  private static List<String> failuresOf(Class<?> test, Object adapter) {
    AdapterTests.ADAPTER.set(adapter);
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request(test), listener);
    TestExecutionSummary summary = listener.getSummary();
    assertThat(summary.getTestsFoundCount()).isPositive();
    return summary.getFailures().stream()
        .map(failure -> String.valueOf(failure.getException().getMessage()))
        .toList();
  }

  /// The contracts of transports and observers mostly wait, so that their tests run concurrently.
  private static LauncherDiscoveryRequest request(Class<?> test) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(test))
        .configurationParameter(
            "junit.jupiter.execution.parallel.enabled", Boolean.toString(WAITING.contains(test)))
        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "10")
        .build();
  }
}
