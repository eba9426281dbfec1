package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.Diagnosis.Explained;
import dev.runhook.domain.diagnosis.Diagnosis.Unexplained;
import dev.runhook.domain.diagnosis.Diagnosis.Valid;
import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Makes known mistakes on purpose, the likely ones first, alone and then in pairs, until one leads
/// to the given signature.
final class MistakeSearch {
  private final ParsedSignatureHeader header;
  private final Keyring keys;
  private final Variant key;
  private final SignedPrefixTransforms prefixes;
  private final Variant body;
  private final Supplier<Stream<ReserializedBody>> reserializedBodies;
  private final SignatureMatcher matcher;

  MistakeSearch(
      DiagnosisInput input, Keyring keys, Supplier<Stream<ReserializedBody>> reserializedBodies) {
    this.header = input.parsedSignature();
    this.keys = keys;
    this.key = Variant.given(keys.current());
    this.prefixes = SignedPrefixTransforms.of(input, header.header());
    this.body = Variant.given(input.body().bytes());
    this.reserializedBodies = reserializedBodies;
    this.matcher = new SignatureMatcher(header.signatures());
  }

  Diagnosis diagnose() {
    Optional<List<SignatureMistake>> mistakes =
        Stream.of(withoutMistake(), withOneMistake(), withTwoMistakes())
            .flatMap(candidates -> candidates)
            .takeWhile(_ -> matcher.isWithinBudget())
            .map(matcher::match)
            .flatMap(Optional::stream)
            .findFirst();
    if (mistakes.isEmpty()) {
      return new Unexplained(
          header.header(),
          header.formatErrors(),
          matcher.candidatesTried(),
          matcher.isWithinBudget());
    }
    return mistakes.get().isEmpty()
        ? new Valid(header.header())
        : new Explained(header.header(), mistakes.get());
  }

  private Stream<Candidate> withoutMistake() {
    return Stream.of(new Candidate(key, prefixes.given(), body));
  }

  private Stream<Candidate> withOneMistake() {
    return lazily(
        List.of(
            () -> withKeys(KeyTransforms.withOneMistake(keys), body),
            () -> withPrefixes(prefixes.likely(), key, body),
            () -> bodies().map(changed -> new Candidate(key, prefixes.given(), changed)),
            () -> withPrefixes(prefixes.clockSkew(), key, body)));
  }

  private Stream<Candidate> withTwoMistakes() {
    List<Variant> single = KeyTransforms.withOneMistake(keys);
    return lazily(
        List.of(
            () -> withKeys(KeyTransforms.withTwoMistakes(keys), body),
            () -> single.stream().flatMap(other -> withPrefixes(prefixes.likely(), other, body)),
            () -> bodies().flatMap(changed -> withKeys(single, changed)),
            () -> bodies().flatMap(changed -> withPrefixes(prefixes.likely(), key, changed)),
            () ->
                bodies()
                    .flatMap(BodyTransforms::of)
                    .map(it -> new Candidate(key, prefixes.given(), it)),
            () -> single.stream().flatMap(other -> withPrefixes(prefixes.clockSkew(), other, body)),
            () -> bodies().flatMap(changed -> withPrefixes(prefixes.clockSkew(), key, changed))));
  }

  private Stream<Candidate> withKeys(List<Variant> others, Variant signed) {
    return others.stream().map(other -> new Candidate(other, prefixes.given(), signed));
  }

  private static Stream<Candidate> withPrefixes(
      List<Variant> others, Variant with, Variant signed) {
    return others.stream().map(other -> new Candidate(with, other, signed));
  }

  /// Returns the body after one mistake. Each variant is created only when it is needed.
  private Stream<Variant> bodies() {
    return Stream.concat(
        BodyTransforms.of(body),
        reserializedBodies
            .get()
            .map(reserialized ->
                body.withMistake(
                    new SignatureMistake(Kind.BODY_RESERIALIZED, reserialized.style()),
                    reserialized.body().bytes())));
  }

  private static Stream<Candidate> lazily(List<Supplier<Stream<Candidate>>> parts) {
    return parts.stream().flatMap(Supplier::get);
  }
}
