package dev.runhook.testkit.wrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.runhook.testkit.CountingIds;
import dev.runhook.testkit.InMemoryTransactor;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.wrong.PlainTransport.Mistake;
import dev.runhook.testkit.wrong.Suspects.OfAudit;
import dev.runhook.testkit.wrong.Suspects.OfClaims;
import dev.runhook.testkit.wrong.Suspects.OfDeliveryHistory;
import dev.runhook.testkit.wrong.Suspects.OfDeliveryList;
import dev.runhook.testkit.wrong.Suspects.OfDispatchObserver;
import dev.runhook.testkit.wrong.Suspects.OfErasure;
import dev.runhook.testkit.wrong.Suspects.OfEvents;
import dev.runhook.testkit.wrong.Suspects.OfFairness;
import dev.runhook.testkit.wrong.Suspects.OfGlances;
import dev.runhook.testkit.wrong.Suspects.OfHealth;
import dev.runhook.testkit.wrong.Suspects.OfHistory;
import dev.runhook.testkit.wrong.Suspects.OfIdSource;
import dev.runhook.testkit.wrong.Suspects.OfLanes;
import dev.runhook.testkit.wrong.Suspects.OfLeases;
import dev.runhook.testkit.wrong.Suspects.OfPayloadRenderer;
import dev.runhook.testkit.wrong.Suspects.OfPreviousVersion;
import dev.runhook.testkit.wrong.Suspects.OfRedeliveries;
import dev.runhook.testkit.wrong.Suspects.OfRequests;
import dev.runhook.testkit.wrong.Suspects.OfRuns;
import dev.runhook.testkit.wrong.Suspects.OfSessions;
import dev.runhook.testkit.wrong.Suspects.OfStacks;
import dev.runhook.testkit.wrong.Suspects.OfTokens;
import dev.runhook.testkit.wrong.Suspects.OfTransactor;
import dev.runhook.testkit.wrong.Suspects.OfTransport;
import dev.runhook.testkit.wrong.Suspects.OfWaiting;
import dev.runhook.testkit.wrong.Suspects.OfWebhooks;
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
class WrongAdaptersTest {
  private static final Path CONTRACTS =
      Path.of("src", "main", "java", "dev", "runhook", "testkit", "contract");

  @ParameterizedTest(name = "{2}")
  @MethodSource("mistakes")
  void a_wrong_adapter_is_told_which_promise_it_breaks(
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
  void a_right_adapter_is_told_nothing(Class<?> suspect, Object adapter) {
    assertThat(failuresOf(suspect, adapter)).isEmpty();
  }

  /// Of each contract there is one that breaks it.
  @Test
  void every_contract_has_teeth() {
    List<Object> broken = mistakes().map(mistake -> mistake.get()[0]).distinct().toList();

    assertThat(broken).containsExactlyInAnyOrder((Object[]) Suspects.class.getDeclaredClasses());
  }

  /// No contract of the kit is left out; that of deliveries is made of others.
  @Test
  void every_contract_is_suspected() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith("Contract.java"))
                  .filter(name -> !name.equals("DeliveriesContract.java"))
                  .map(name -> "Of" + name.replace("Contract.java", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(Suspects.class.getDeclaredClasses()).map(Class::getSimpleName).toList());
    }
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(OfTransactor.class, new Wrong.KeepsHalves(), "work that throws leaves no trace"),
        mistake(
            OfStacks.class,
            Wrong.everyStackIsNew(),
            "a stack saved again takes the place of the one before"),
        mistake(
            OfRuns.class,
            Wrong.transitionsAreForgotten(),
            "transitions come back as they were by version"),
        mistake(OfEvents.class, Wrong.payloadsAreText(), "payload bytes come back identical"),
        mistake(
            OfErasure.class,
            Wrong.payloadsAreKeptForEver(),
            "of a payload that was delivered the hash is left"),
        mistake(
            OfPreviousVersion.class,
            Wrong.whatWasToldIsNotKept(),
            "a delivery knows the version that its webhook was told before"),
        mistake(
            OfWebhooks.class,
            Wrong.whateverIsDeletedWasThere(),
            "deleting a webhook takes its open deliveries"),
        mistake(
            OfHealth.class,
            Wrong.judgingSavesEverything(),
            "saving health keeps nothing but health"),
        mistake(
            OfTokens.class,
            Wrong.revokedTokensStayInForce(),
            "a revoked token stays and says since when"),
        mistake(OfSessions.class, Wrong.sessionsGoOnForEver(), "a session that was ended is gone"),
        mistake(
            OfLanes.class,
            Wrong.lanesStandStill(),
            "finishing the head frees the next by version when they came one by one"),
        mistake(
            OfClaims.class,
            Wrong.claimsAreNotKept(),
            "a claimed delivery is not due until its lease ends"),
        mistake(
            OfFairness.class,
            Wrong.capsAreIgnored(),
            "a claim takes no more of one webhook than its cap less what is held"),
        mistake(
            OfLeases.class,
            Wrong.everySettlementIsApplied(),
            "a closed attempt cannot be closed again"),
        mistake(
            OfWaiting.class, Wrong.nobodyKnowsWhenToComeBack(), "something due is due in no time"),
        mistake(
            OfDeliveryHistory.class,
            Wrong.deliveriesAreNotFound(),
            "an open delivery tells how it stands"),
        mistake(
            OfDeliveryList.class,
            Wrong.theOldestDeliveryIsListedFirst(),
            "the newest delivery is first and pages neither repeat nor skip while rows arrive"),
        mistake(OfAudit.class, Wrong.deedsAreNotKept(), "an entry comes back as it was"),
        mistake(OfRequests.class, Wrong.repliesAreNotKept(), "its effect and its reply are known"),
        mistake(
            OfRedeliveries.class,
            Wrong.whatIsUnderWayIsNotSeen(),
            "what is on its way to the webhook is known"),
        mistake(
            OfGlances.class,
            Wrong.pulsesAreTakenToTheEnd(),
            "a pulse counts so many in a step and says so where there are more"),
        mistake(OfHistory.class, new Forgetful(), "what is young is not forgotten"),
        mistake(
            OfTransport.class,
            PlainTransport.making(Mistake.FOLLOWS_REDIRECTS),
            "a redirect is an answer and never followed"),
        mistake(
            OfTransport.class,
            PlainTransport.making(Mistake.KNOWS_NO_TIMEOUT),
            "a receiver that says nothing is given up at the timeout"),
        mistake(
            OfTransport.class,
            PlainTransport.making(Mistake.THROWS_WHAT_THE_NETWORK_DOES),
            "a receiver that is not there is an outcome and no exception"),
        mistake(
            OfTransport.class,
            PlainTransport.making(Mistake.READS_THE_PAYLOAD_AS_TEXT),
            "a receiver gets the very headers and bytes of the request"),
        mistake(
            OfTransport.class,
            PlainTransport.making(Mistake.SHRUGS_OFF_INTERRUPTS),
            "interrupting the caller ends the exchange"),
        mistake(
            OfIdSource.class,
            new Wrong.RandomIds(),
            "ids are in the order of time to the millisecond"),
        mistake(
            OfPayloadRenderer.class,
            new Wrong.CountingRenderer(),
            "the same event is the same bytes"),
        mistake(
            OfDispatchObserver.class,
            Wrong.observerThatThrows(),
            "whatever an observer is told it throws nothing"),
        mistake(
            OfDispatchObserver.class, Wrong.observerThatDawdles(), "an observer returns quickly"));
  }

  static Stream<Arguments> rightOnes() {
    SettableClock clock = SettableClock.atNoon();
    return Stream.of(
        Arguments.of(OfTransactor.class, new InMemoryTransactor(clock)),
        Arguments.of(OfClaims.class, new InMemoryTransactor(clock)),
        Arguments.of(OfTransport.class, PlainTransport.making()),
        Arguments.of(OfIdSource.class, new CountingIds(clock)),
        Arguments.of(OfPayloadRenderer.class, new PlainPayloadRenderer()));
  }

  private static Arguments mistake(Class<?> suspect, Object adapter, String promise) {
    return Arguments.of(suspect, adapter, promise);
  }

  private static List<String> failuresOf(Class<?> suspect, Object adapter) {
    Suspects.SUSPECTED.set(adapter);
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
