package dev.runhook.testkit.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.faulty.AdapterTests.OfAuditEvents;
import dev.runhook.testkit.faulty.AdapterTests.OfClaims;
import dev.runhook.testkit.faulty.AdapterTests.OfDeliveryDetails;
import dev.runhook.testkit.faulty.AdapterTests.OfDeliveryList;
import dev.runhook.testkit.faulty.AdapterTests.OfDispatchObserver;
import dev.runhook.testkit.faulty.AdapterTests.OfEvents;
import dev.runhook.testkit.faulty.AdapterTests.OfFairness;
import dev.runhook.testkit.faulty.AdapterTests.OfHistoryPartitions;
import dev.runhook.testkit.faulty.AdapterTests.OfIdGenerator;
import dev.runhook.testkit.faulty.AdapterTests.OfIdempotencyKeys;
import dev.runhook.testkit.faulty.AdapterTests.OfLanes;
import dev.runhook.testkit.faulty.AdapterTests.OfLeases;
import dev.runhook.testkit.faulty.AdapterTests.OfNextDue;
import dev.runhook.testkit.faulty.AdapterTests.OfPayloadErasure;
import dev.runhook.testkit.faulty.AdapterTests.OfPayloadRenderer;
import dev.runhook.testkit.faulty.AdapterTests.OfPreviousVersion;
import dev.runhook.testkit.faulty.AdapterTests.OfRedelivery;
import dev.runhook.testkit.faulty.AdapterTests.OfRuns;
import dev.runhook.testkit.faulty.AdapterTests.OfSessions;
import dev.runhook.testkit.faulty.AdapterTests.OfStacks;
import dev.runhook.testkit.faulty.AdapterTests.OfStatsQueries;
import dev.runhook.testkit.faulty.AdapterTests.OfTokens;
import dev.runhook.testkit.faulty.AdapterTests.OfTransactor;
import dev.runhook.testkit.faulty.AdapterTests.OfTransport;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhookHealth;
import dev.runhook.testkit.faulty.AdapterTests.OfWebhooks;
import dev.runhook.testkit.faulty.FaultyTransport.Fault;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Whoever writes an adapter that is wrong is told which promise it breaks. Runs the contracts as a
/// build would, against adapters with one mistake each.
class FaultyAdaptersTest {
  private static final Path CONTRACTS =
      Path.of("src", "main", "java", "dev", "runhook", "testkit", "contract");

  @ParameterizedTest(name = "{2}")
  @MethodSource("mistakes")
  void a_faulty_adapter_fails_the_test_that_names_its_fault(
      Class<?> suspect, Object adapter, String promise) {
    List<String> told = failuresOf(suspect, adapter);

    String contract = suspect.getSimpleName().substring("Of".length()) + "Contract";
    assertThat(told)
        .anyMatch(sentence ->
            sentence.startsWith(
                "%s promises: %s. %s does not keep this: "
                    .formatted(contract, promise, suspect.getSimpleName())));
  }

  @ParameterizedTest
  @MethodSource("rightOnes")
  void a_correct_adapter_passes(Class<?> suspect, Object adapter) {
    assertThat(failuresOf(suspect, adapter)).isEmpty();
  }

  /// Of each contract there is one that breaks it.
  @Test
  void every_contract_has_a_faulty_adapter_that_fails_it() {
    List<Object> broken = mistakes().map(mistake -> mistake.get()[0]).distinct().toList();

    assertThat(broken)
        .containsExactlyInAnyOrder((Object[]) AdapterTests.class.getDeclaredClasses());
  }

  /// No contract of the kit is left out; that of deliveries is made of others.
  @Test
  void every_contract_has_an_adapter_test() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith("Contract.java"))
                  .filter(name -> !name.equals("DeliveriesContract.java"))
                  .map(name -> "Of" + name.replace("Contract.java", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(AdapterTests.class.getDeclaredClasses())
                  .map(Class::getSimpleName)
                  .toList());
    }
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            OfTransactor.class,
            new FaultyAdapters.CommitsPartially(),
            "a transaction rolls back when the work throws"),
        mistake(
            OfStacks.class, FaultyAdapters.everyStackIsNew(), "saving a stack again replaces it"),
        mistake(
            OfRuns.class,
            FaultyAdapters.transitionsAreNotFound(),
            "transitions are stored unchanged and listed by version"),
        mistake(
            OfEvents.class,
            FaultyAdapters.payloadsAreDecodedAsText(),
            "payload bytes are stored unchanged"),
        mistake(
            OfPayloadErasure.class,
            FaultyAdapters.payloadsAreNeverErased(),
            "only the hash of an erased payload remains"),
        mistake(
            OfPreviousVersion.class,
            FaultyAdapters.lastNotifiedVersionsAreNotStored(),
            "a delivery has the previous version sent to its webhook"),
        mistake(
            OfWebhooks.class,
            FaultyAdapters.deletingAlwaysReportsSuccess(),
            "deleting a webhook deletes its open deliveries"),
        mistake(
            OfWebhookHealth.class,
            FaultyAdapters.savingHealthSavesEverything(),
            "saving health changes only health"),
        mistake(
            OfTokens.class,
            FaultyAdapters.revokedTokensStayActive(),
            "a revoked token remains with its revocation time"),
        mistake(
            OfSessions.class, FaultyAdapters.sessionsNeverEnd(), "an ended session is not found"),
        mistake(
            OfLanes.class,
            FaultyAdapters.lanesNeverAdvance(),
            "deliveries added one by one are sent in version order"),
        mistake(
            OfClaims.class,
            FaultyAdapters.claimsAreNotStored(),
            "a claimed delivery is not due until its lease ends"),
        mistake(
            OfFairness.class,
            FaultyAdapters.limitsPerWebhookAreIgnored(),
            "a claim respects the limit per webhook minus held deliveries"),
        mistake(
            OfLeases.class,
            FaultyAdapters.everyCompletionIsApplied(),
            "a completed attempt cannot be completed again"),
        mistake(
            OfNextDue.class,
            FaultyAdapters.nextDueIsUnknown(),
            "the wait is zero if a delivery is due"),
        mistake(
            OfDeliveryDetails.class,
            FaultyAdapters.deliveriesAreNotFound(),
            "an open delivery shows its state"),
        mistake(
            OfDeliveryList.class,
            FaultyAdapters.oldestDeliveryIsListedFirst(),
            "deliveries are listed newest first and pages neither repeat nor skip"),
        mistake(
            OfAuditEvents.class,
            FaultyAdapters.auditEventsAreNotStored(),
            "an audit event is stored unchanged"),
        mistake(
            OfIdempotencyKeys.class,
            FaultyAdapters.responsesAreNotStored(),
            "the commit and the response of a key are stored"),
        mistake(
            OfRedelivery.class,
            FaultyAdapters.openDeliveriesAreNotSeen(),
            "events with an open delivery are found"),
        mistake(
            OfStatsQueries.class,
            FaultyAdapters.statsIgnoreTheLimit(),
            "delivery stats are truncated at the limit per interval"),
        mistake(
            OfHistoryPartitions.class,
            new FaultyHistoryPartitions(),
            "young deliveries are not dropped"),
        mistake(
            OfTransport.class,
            FaultyTransport.with(Fault.FOLLOWS_REDIRECTS),
            "a redirect is a response and is not followed"),
        mistake(
            OfTransport.class,
            FaultyTransport.with(Fault.IGNORES_TIMEOUT),
            "a silent receiver times out"),
        mistake(
            OfTransport.class,
            FaultyTransport.with(Fault.THROWS_NETWORK_ERRORS),
            "an unreachable receiver is an outcome not an exception"),
        mistake(
            OfTransport.class,
            FaultyTransport.with(Fault.DECODES_PAYLOAD_AS_TEXT),
            "a receiver gets the exact headers and bytes of the request"),
        mistake(
            OfTransport.class,
            FaultyTransport.with(Fault.IGNORES_INTERRUPTS),
            "interrupting the caller ends the exchange"),
        mistake(
            OfIdGenerator.class,
            new FaultyAdapters.RandomIdGenerator(),
            "ids are ordered by time to the millisecond"),
        mistake(
            OfPayloadRenderer.class,
            new FaultyAdapters.NondeterministicRenderer(),
            "the same event is the same bytes"),
        mistake(
            OfDispatchObserver.class,
            FaultyAdapters.throwingObserver(),
            "an observer never throws"),
        mistake(
            OfDispatchObserver.class,
            FaultyAdapters.slowObserver(),
            "an observer returns quickly"));
  }

  static Stream<Arguments> rightOnes() {
    SettableClock clock = SettableClock.atNoon();
    return Stream.of(
        Arguments.of(OfTransactor.class, new InMemoryTransactor(clock)),
        Arguments.of(OfClaims.class, new InMemoryTransactor(clock)),
        Arguments.of(OfTransport.class, FaultyTransport.with()),
        Arguments.of(OfIdGenerator.class, new SequentialIdGenerator(clock)),
        Arguments.of(OfPayloadRenderer.class, new PlainPayloadRenderer()));
  }

  private static Arguments mistake(Class<?> suspect, Object adapter, String promise) {
    return Arguments.of(suspect, adapter, promise);
  }

  private static List<String> failuresOf(Class<?> suspect, Object adapter) {
    AdapterTests.ADAPTER.set(adapter);
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(suspect)).build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    assertThat(summary.getTestsFoundCount()).isPositive();
    return summary.getFailures().stream()
        .map(failure -> String.valueOf(failure.getException().getMessage()))
        .toList();
  }
}
