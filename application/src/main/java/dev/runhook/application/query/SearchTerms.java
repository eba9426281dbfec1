package dev.runhook.application.query;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a person typed to find something.
public record SearchTerms(List<String> terms) {
  public static final int MAX = 4;

  private static final Pattern ID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  public SearchTerms {
    terms = List.copyOf(terms);
  }

  /// Divides a text at its spaces.
  ///
  /// @throws IllegalArgumentException if it has no terms or too many, or a term is too long
  public static SearchTerms parse(String text) {
    List<String> terms = Stream.of(text.split("\\s+")).filter(term -> !term.isEmpty()).toList();
    if (terms.isEmpty() || terms.size() > MAX) {
      throw new IllegalArgumentException("must have 1 to " + MAX + " terms, separated by spaces");
    }
    terms.forEach(term -> TextLimits.requireNonBlank("a term", term, TextLimits.MAX_NAME));
    return new SearchTerms(terms);
  }

  /// Returns the term as the id of an object, if it is one.
  public static Optional<UUID> findId(String term) {
    return ID.matcher(term).matches() ? Optional.of(UUID.fromString(term)) : Optional.empty();
  }

  /// Returns the terms that are not found.
  public SearchTerms without(Predicate<String> found) {
    return new SearchTerms(terms.stream().filter(found.negate()).toList());
  }

  public boolean isEmpty() {
    return terms.isEmpty();
  }

  /// Ignores case, as [StackFilter] does.
  public static Predicate<String> in(Stack stack) {
    return in(
        Stream.concat(
            Stream.of(stack.id().slug(), stack.name(), stack.description()),
            Stream.concat(stack.labels().stream(), stack.repository().stream())));
  }

  /// The whole id, or a part of the name or of the endpoint, ignoring case.
  public static Predicate<String> in(Webhook webhook) {
    Predicate<String> named =
        in(Stream.of(webhook.settings().name(), webhook.settings().endpoint().text()));
    return named.or(term -> webhook.id().toString().equalsIgnoreCase(term));
  }

  /// The beginning of the id or of the commit's hash, as in [RunFilter].
  public static Predicate<String> in(Run run) {
    return term ->
        run.id().name().startsWith(term) || run.details().commit().hash().startsWith(term);
  }

  /// The whole id of the delivery or its event, or the beginning of the run's id.
  public static Predicate<String> in(Delivery delivery) {
    return term ->
        Stream.of(delivery.id(), delivery.event())
                .anyMatch(id -> id.toString().equalsIgnoreCase(term))
            || delivery.transition().filter(ref -> ref.run().startsWith(term)).isPresent();
  }

  private static Predicate<String> in(Stream<String> texts) {
    List<String> searched = texts.map(text -> text.toLowerCase(Locale.ROOT)).toList();
    return term -> searched.stream().anyMatch(text -> text.contains(term.toLowerCase(Locale.ROOT)));
  }
}
