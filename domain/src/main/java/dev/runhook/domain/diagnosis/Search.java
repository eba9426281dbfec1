package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.Examination.Mistaken;
import dev.runhook.domain.diagnosis.Examination.Unexplained;
import dev.runhook.domain.diagnosis.Examination.Verified;
import dev.runhook.domain.diagnosis.Mistake.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Makes mistakes on purpose, the likelier first, one and then two at a time, until one gives the
/// signature in question.
final class Search {
  private final Claim claim;
  private final Keyring keys;
  private final Variant key;
  private final PrefixChanges prefixes;
  private final Variant body;
  private final Supplier<Stream<Rewritten>> rewritings;
  private final Laboratory laboratory;

  Search(Evidence evidence, Keyring keys, Supplier<Stream<Rewritten>> rewritings) {
    this.claim = evidence.claim();
    this.keys = keys;
    this.key = Variant.given(keys.current());
    this.prefixes = PrefixChanges.of(evidence, claim.header());
    this.body = Variant.given(evidence.body().bytes());
    this.rewritings = rewritings;
    this.laboratory = new Laboratory(claim.signatures());
  }

  Examination examination() {
    Optional<List<Mistake>> explained =
        Stream.of(asGiven(), onceWrong(), twiceWrong())
            .flatMap(trials -> trials)
            .takeWhile(_ -> laboratory.hasMeans())
            .map(laboratory::compare)
            .flatMap(Optional::stream)
            .findFirst();
    if (explained.isEmpty()) {
      return new Unexplained(
          claim.header(), claim.flaws(), laboratory.tries(), laboratory.hasMeans());
    }
    return explained.get().isEmpty()
        ? new Verified(claim.header())
        : new Mistaken(claim.header(), explained.get());
  }

  private Stream<Trial> asGiven() {
    return Stream.of(new Trial(key, prefixes.given(), body));
  }

  private Stream<Trial> onceWrong() {
    return later(
        List.of(
            () -> withKeys(KeyChanges.single(keys), body),
            () -> withPrefixes(prefixes.likely(), key, body),
            () -> bodies().map(changed -> new Trial(key, prefixes.given(), changed)),
            () -> withPrefixes(prefixes.near(), key, body)));
  }

  private Stream<Trial> twiceWrong() {
    List<Variant> single = KeyChanges.single(keys);
    return later(
        List.of(
            () -> withKeys(KeyChanges.doubled(keys), body),
            () -> single.stream().flatMap(other -> withPrefixes(prefixes.likely(), other, body)),
            () -> bodies().flatMap(changed -> withKeys(single, changed)),
            () -> bodies().flatMap(changed -> withPrefixes(prefixes.likely(), key, changed)),
            () -> bodies().flatMap(BodyChanges::of).map(it -> new Trial(key, prefixes.given(), it)),
            () -> single.stream().flatMap(other -> withPrefixes(prefixes.near(), other, body)),
            () -> bodies().flatMap(changed -> withPrefixes(prefixes.near(), key, changed))));
  }

  private Stream<Trial> withKeys(List<Variant> others, Variant signed) {
    return others.stream().map(other -> new Trial(other, prefixes.given(), signed));
  }

  private static Stream<Trial> withPrefixes(List<Variant> others, Variant with, Variant signed) {
    return others.stream().map(other -> new Trial(with, other, signed));
  }

  /// The body after one mistake; each made when it is its turn.
  private Stream<Variant> bodies() {
    return Stream.concat(
        BodyChanges.of(body),
        rewritings
            .get()
            .map(written ->
                body.after(
                    new Mistake(Kind.BODY_REWRITTEN, written.style()), written.body().bytes())));
  }

  private static Stream<Trial> later(List<Supplier<Stream<Trial>>> parts) {
    return parts.stream().flatMap(Supplier::get);
  }
}
