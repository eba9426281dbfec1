package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.Diagnosis.Explained;
import dev.runhook.domain.diagnosis.Diagnosis.Unexplained;
import dev.runhook.domain.diagnosis.Diagnosis.Valid;
import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Makes mistakes on purpose, the likelier first, one and then two at a time, until one gives the
/// signature in question.
final class MistakeSearch {
  private final ParsedSignatureHeader parsedSignatureHeader;
  private final Keyring keys;
  private final Variant key;
  private final SignedPrefixTransforms prefixes;
  private final Variant body;
  private final Supplier<Stream<ReserializedBody>> rewritings;
  private final SignatureMatcher signatureMatcher;

  MistakeSearch(
      DiagnosisInput diagnosisInput, Keyring keys, Supplier<Stream<ReserializedBody>> rewritings) {
    this.parsedSignatureHeader = diagnosisInput.parsedSignature();
    this.keys = keys;
    this.key = Variant.given(keys.current());
    this.prefixes = SignedPrefixTransforms.of(diagnosisInput, parsedSignatureHeader.header());
    this.body = Variant.given(diagnosisInput.body().bytes());
    this.rewritings = rewritings;
    this.signatureMatcher = new SignatureMatcher(parsedSignatureHeader.signatures());
  }

  Diagnosis diagnose() {
    Optional<List<SignatureMistake>> explained =
        Stream.of(asGiven(), onceWrong(), twiceWrong())
            .flatMap(trials -> trials)
            .takeWhile(_ -> signatureMatcher.isWithinBudget())
            .map(signatureMatcher::match)
            .flatMap(Optional::stream)
            .findFirst();
    if (explained.isEmpty()) {
      return new Unexplained(
          parsedSignatureHeader.header(),
          parsedSignatureHeader.formatErrors(),
          signatureMatcher.candidatesTried(),
          signatureMatcher.isWithinBudget());
    }
    return explained.get().isEmpty()
        ? new Valid(parsedSignatureHeader.header())
        : new Explained(parsedSignatureHeader.header(), explained.get());
  }

  private Stream<Candidate> asGiven() {
    return Stream.of(new Candidate(key, prefixes.given(), body));
  }

  private Stream<Candidate> onceWrong() {
    return later(
        List.of(
            () -> withKeys(KeyTransforms.withOneMistake(keys), body),
            () -> withPrefixes(prefixes.likely(), key, body),
            () -> bodies().map(changed -> new Candidate(key, prefixes.given(), changed)),
            () -> withPrefixes(prefixes.clockSkew(), key, body)));
  }

  private Stream<Candidate> twiceWrong() {
    List<Variant> single = KeyTransforms.withOneMistake(keys);
    return later(
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

  /// The body after one mistake; each made when it is its turn.
  private Stream<Variant> bodies() {
    return Stream.concat(
        BodyTransforms.of(body),
        rewritings
            .get()
            .map(written ->
                body.withMistake(
                    new SignatureMistake(Kind.BODY_RESERIALIZED, written.style()),
                    written.body().bytes())));
  }

  private static Stream<Candidate> later(List<Supplier<Stream<Candidate>>> parts) {
    return parts.stream().flatMap(Supplier::get);
  }
}
