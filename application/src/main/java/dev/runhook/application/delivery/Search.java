package dev.runhook.application.delivery;

import static java.util.stream.Collectors.toSet;

import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.delivery.SearchResult.ExplainedOutcome;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.query.SearchTerms;
import dev.runhook.application.query.SkipCount;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Finds stacks, webhooks, runs and deliveries, and explains what the webhooks received.
final class Search {
  /// The number of objects of each kind that are examined for each term.
  private static final PageRequest EXAMINED = new PageRequest(20, Optional.empty());

  private static final int MAX_EXPLAINED_RUNS = 5;
  private static final int MAX_OUTCOMES = 100;

  /// The deliveries of an event are created right after it.
  private static final Duration MAX_EVENT_TIME = Duration.ofMillis(250);

  private final BucketRouter buckets;

  // what has at least one of the terms, and the stacks of all this
  private final Map<StackId, Stack> stacks = new LinkedHashMap<>();
  private final Map<WebhookId, Webhook> webhooks = new LinkedHashMap<>();
  private final Map<RunId, Run> runs = new LinkedHashMap<>();
  private final Map<DeliveryId, StoredDelivery> deliveries = new LinkedHashMap<>();

  private Search(BucketRouter buckets) {
    this.buckets = buckets;
  }

  static SearchResult find(
      BucketRouter buckets, AccountId account, StackScope scope, SearchTerms terms) {
    Search search = new Search(buckets);
    List<Integer> unavailable = new ArrayList<>();
    BucketRouter.<Object>askAvailable(
        buckets.of(account, scope),
        unit -> {
          terms.terms().forEach(term -> search.findStacks(unit, account, scope, term));
          for (StackScope part : search.parts(scope, terms)) {
            terms.terms().forEach(term -> search.examine(unit, account, part, term));
          }
          search.addStacks(unit);
          return search;
        },
        bucket -> unavailable.add(bucket.number()));
    return search.result(terms, unavailable);
  }

  private void findStacks(UnitOfWork unit, AccountId account, StackScope scope, String term) {
    StackFilter named = StackFilter.all().withSearch(term);
    unit.statsQueries().stacks(account, scope, named, EXAMINED).items().stream()
        .map(StackSummary::stack)
        .forEach(stack -> stacks.put(stack.id(), stack));
  }

  /// Where to look for the other objects: everywhere, and on the stacks that were found, because
  /// other stacks may have many newer objects with the same terms.
  private List<StackScope> parts(StackScope scope, SearchTerms terms) {
    Set<String> slugs = stacks.keySet().stream().map(StackId::slug).collect(toSet());
    return terms.terms().size() == 1 || slugs.isEmpty()
        ? List.of(scope)
        : List.of(scope, new StackScope.Only(slugs));
  }

  private void examine(UnitOfWork unit, AccountId account, StackScope scope, String term) {
    unit.statsQueries().findWebhooks(account, scope, term, EXAMINED.limit()).stream()
        .flatMap(id -> unit.webhooks().find(account, id).stream())
        .forEach(webhook -> webhooks.put(webhook.id(), webhook));
    Stream.of(RunFilter.all().withNamePrefix(term), RunFilter.all().withCommitPrefix(term))
        .flatMap(filter -> unit.runs().list(account, scope, filter, EXAMINED).items().stream())
        .forEach(run -> runs.put(run.id(), run));
    SearchTerms.findId(term).stream()
        .flatMap(id ->
            Stream.concat(
                Stream.of(new DeliveryId(id)), deliveriesOfEvent(unit, account, scope, id)))
        .flatMap(id -> unit.deliveries().find(account, id).stream())
        .filter(stored -> scope.includes(stored.webhook().stack().slug()))
        .forEach(stored -> deliveries.put(stored.delivery().id(), stored));
  }

  private static Stream<DeliveryId> deliveriesOfEvent(
      UnitOfWork unit, AccountId account, StackScope scope, UUID event) {
    Instant from = new EventId(event).createdAt();
    DeliveryFilter filter =
        DeliveryFilter.of(new DeliveryScope.OfAccount(account, scope, Optional.empty()))
            .withFrom(from)
            .withTo(from.plus(MAX_EVENT_TIME));
    return unit.deliveries().list(filter, EXAMINED).items().stream()
        .filter(delivery -> delivery.event().value().equals(event))
        .map(Delivery::id);
  }

  private void addStacks(UnitOfWork unit) {
    List<StackId> missing =
        Stream.of(
                webhooks.values().stream().map(Webhook::stack),
                runs.keySet().stream().map(RunId::stack),
                deliveries.values().stream().map(stored -> stored.delivery().stack()))
            .flatMap(Function.identity())
            .filter(id -> !stacks.containsKey(id))
            .toList();
    stacks.putAll(unit.stacks().findAll(missing));
  }

  private SearchResult result(SearchTerms terms, List<Integer> unavailable) {
    List<ExplainedOutcome> outcomes = new ArrayList<>();
    deliveries.values().stream()
        .filter(stored -> without(terms, stored).isEmpty())
        .map(Search::explain)
        .forEach(outcomes::add);
    List<Run> found = new ArrayList<>();
    int explained = 0;
    for (Run run : runs.values().stream().sorted(byTerms(terms)).toList()) {
      SearchTerms rest = without(terms, run);
      List<ExplainedOutcome> ofRun = List.of();
      if (found.size() < MAX_EXPLAINED_RUNS && explained < EXAMINED.limit()) {
        ofRun = explain(run.id(), webhook -> rest.without(SearchTerms.in(webhook)).isEmpty());
        explained++;
      }
      outcomes.addAll(ofRun);
      if (found.size() < EXAMINED.limit() && (rest.isEmpty() || !ofRun.isEmpty())) {
        found.add(run);
      }
    }
    return new SearchResult(
        terms.without(this::isKnown).terms(),
        stacks.values().stream().filter(stack -> without(terms, stack.id()).isEmpty()).toList(),
        webhooks.values().stream()
            .filter(webhook ->
                without(terms, webhook.stack()).without(SearchTerms.in(webhook)).isEmpty())
            .toList(),
        found,
        countSimilar(outcomes.stream().limit(MAX_OUTCOMES).toList()),
        unavailable);
  }

  private SearchTerms without(SearchTerms terms, StackId stack) {
    return Optional.ofNullable(stacks.get(stack))
        .map(found -> terms.without(SearchTerms.in(found)))
        .orElse(terms);
  }

  /// The runs with all terms first, because the rest of the terms may be those of no webhook.
  private Comparator<Run> byTerms(SearchTerms terms) {
    return Comparator.<Run, Boolean>comparing(run -> !without(terms, run).isEmpty())
        .thenComparing(Run::createdAt, Comparator.reverseOrder());
  }

  private SearchTerms without(SearchTerms terms, Run run) {
    return without(terms, run.id().stack()).without(SearchTerms.in(run));
  }

  private SearchTerms without(SearchTerms terms, StoredDelivery stored) {
    return without(terms, stored.delivery().stack())
        .without(SearchTerms.in(stored.webhook()))
        .without(SearchTerms.in(stored.delivery()));
  }

  private boolean isKnown(String term) {
    return Stream.of(
            stacks.values().stream().map(SearchTerms::in),
            webhooks.values().stream().map(SearchTerms::in),
            runs.values().stream().map(SearchTerms::in),
            deliveries.values().stream().map(stored -> SearchTerms.in(stored.delivery())))
        .flatMap(Function.identity())
        .anyMatch(has -> has.test(term));
  }

  /// Explains the latest transitions of the run, unless it was deleted in the meantime.
  private List<ExplainedOutcome> explain(RunId run, Predicate<Webhook> selected) {
    return buckets
        .of(run.stack())
        .inSnapshot(
            unit -> unit.runs().find(run).map(ignored -> RunExplanation.of(unit, run, EXAMINED)))
        .stream()
        .flatMap(explanation -> explanation.transitions().items().stream())
        .flatMap(explained -> {
          Transition transition = explained.transition();
          TransitionRef ref =
              new TransitionRef(run.name(), transition.state(), transition.version());
          return explained.webhooks().stream()
              .filter(outcome -> selected.test(outcome.webhook()))
              .map(outcome -> new ExplainedOutcome(run.stack(), Optional.of(ref), outcome));
        })
        .toList();
  }

  private static ExplainedOutcome explain(StoredDelivery stored) {
    Delivery delivery = stored.delivery();
    List<Explanation> explanation =
        DeliveryExplainer.isEndedByDeletion(stored)
            ? List.of(Code.DELETION.with())
            : DeliveryExplainer.explainStatus(delivery, stored.webhook(), stored.blockedBy());
    boolean deleted = stored.webhookDeletedAt().isPresent();
    return new ExplainedOutcome(
        delivery.stack(),
        delivery.transition(),
        new WebhookOutcome(stored.webhook(), deleted, Optional.of(delivery), explanation));
  }

  /// Adds how many transitions the webhook did not get for the same reason.
  private List<ExplainedOutcome> countSimilar(List<ExplainedOutcome> outcomes) {
    Map<Map.Entry<WebhookId, Code>, SkipCount> counts = new HashMap<>();
    return outcomes.stream()
        .map(outcome ->
            outcome
                .findSkip()
                .map(code ->
                    outcome.withSimilar(
                        counts.computeIfAbsent(
                            Map.entry(outcome.webhook().webhook().id(), code),
                            key ->
                                buckets
                                    .of(outcome.stack())
                                    .inSnapshot(unit ->
                                        unit.statsQueries().countSkips(key.getKey(), code)))))
                .orElse(outcome))
        .toList();
  }
}
