package dev.runhook.diagnosis;

import dev.runhook.diagnosis.Diagnosis.Explained;
import dev.runhook.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.diagnosis.Diagnosis.Unexplained;
import dev.runhook.diagnosis.Diagnosis.Valid;
import dev.runhook.diagnosis.ParsedSignatureHeader.Signature;
import dev.runhook.diagnosis.SignatureHeader.Algorithm;
import dev.runhook.diagnosis.SignatureMistake.Kind;
import dev.runhook.domain.event.Payload;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tries known mistakes, the likely ones first, alone and then in pairs, until the result is the
/// given signature. The number of signed bytes is limited to bound the cost of a diagnosis. An
/// instance serves one thread and one diagnosis.
public final class MistakeSearch {
  private static final long MAX_BYTES = 4L * 1024 * 1024;
  private static final int MAX_MISTAKES = 2;
  private static final JacksonReserializer RESERIALIZER = new JacksonReserializer();

  private final ParsedSignatureHeader header;
  private final List<Algorithm> algorithms;
  private final Keyring keys;
  private final Variant key;
  private final SignedPrefixTransforms prefixes;
  private final Variant body;
  private final Supplier<Stream<ReserializedBody>> reserializedBodies;
  private long bytesSigned;
  private int candidatesTried;

  private MistakeSearch(
      DiagnosisInput input, Keyring keys, Supplier<Stream<ReserializedBody>> reserializedBodies) {
    this.header = input.parsedSignature();
    this.algorithms =
        header.signatures().stream()
            .flatMap(signature -> signature.algorithm().stream())
            .distinct()
            .toList();
    this.keys = keys;
    this.key = KeyTransforms.given(keys, header.header());
    this.prefixes = SignedPrefixTransforms.of(input, header.header());
    this.body = Variant.given(input.body().bytes());
    this.reserializedBodies = reserializedBodies;
  }

  /// Diagnoses a signature. The work is bounded, however large the body is.
  public static Diagnosis diagnose(DiagnosisInput input, Keyring keys) {
    return diagnose(input, keys, RESERIALIZER::reserialize);
  }

  /// @param reserializer returns the bodies that programs write after parsing a body; called
  ///   several times, and consumed lazily
  static Diagnosis diagnose(
      DiagnosisInput input,
      Keyring keys,
      Function<Payload, Stream<ReserializedBody>> reserializer) {
    return new MistakeSearch(input, keys, () -> reserializer.apply(input.body())).diagnose();
  }

  private Diagnosis diagnose() {
    Optional<List<SignatureMistake>> mistakes =
        Stream.of(
                Stream.of(new Candidate(key, prefixes.given(), body)),
                withOneMistake(),
                withTwoMistakes())
            .flatMap(candidates -> candidates)
            .takeWhile(ignored -> isWithinBudget())
            .flatMap(candidate -> match(candidate).stream())
            .findFirst();
    if (mistakes.isEmpty()) {
      return new Unexplained(
          header.header(), header.formatErrors(), candidatesTried, isWithinBudget());
    }
    return mistakes.get().isEmpty()
        ? new Valid(header.header())
        : new Explained(header.header(), mistakes.get());
  }

  private Stream<Candidate> withOneMistake() {
    return lazily(
        List.of(
            () -> withKeys(KeyTransforms.withOneMistake(keys, header.header()), body),
            () -> withPrefixes(prefixes.likely(), key, body),
            () -> bodies().map(changed -> new Candidate(key, prefixes.given(), changed)),
            () -> withPrefixes(prefixes.clockSkew(), key, body)));
  }

  private Stream<Candidate> withTwoMistakes() {
    List<Variant> single = KeyTransforms.withOneMistake(keys, header.header());
    return lazily(
        List.of(
            () -> withKeys(KeyTransforms.withTwoMistakes(keys, header.header()), body),
            () -> single.stream().flatMap(other -> withPrefixes(prefixes.likely(), other, body)),
            () -> bodies().flatMap(changed -> withKeys(single, changed)),
            () -> bodies().flatMap(changed -> withPrefixes(prefixes.likely(), key, changed)),
            () ->
                bodies()
                    .flatMap(BodyTransforms::of)
                    .map(changed -> new Candidate(key, prefixes.given(), changed)),
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

  /// Returns the body after one mistake. Each reserialized body is created only when it is needed.
  private Stream<Variant> bodies() {
    return Stream.concat(
        BodyTransforms.of(body),
        reserializedBodies
            .get()
            .map(it -> body.withMistake(Kind.BODY_RESERIALIZED, it.style(), it.body().bytes())));
  }

  private static Stream<Candidate> lazily(List<Supplier<Stream<Candidate>>> parts) {
    return parts.stream().flatMap(Supplier::get);
  }

  private boolean isWithinBudget() {
    return bytesSigned < MAX_BYTES;
  }

  /// Returns the mistakes that lead to one of the signatures, if this candidate does. They include
  /// the signature's format errors.
  private Optional<List<SignatureMistake>> match(Candidate candidate) {
    List<SignatureMistake> made = candidate.mistakes();
    for (Algorithm algorithm : algorithms) {
      byte[] mac = sign(candidate, algorithm);
      for (Signature signature : header.signatures()) {
        List<SignatureMistake> mistakes =
            Stream.concat(made.stream(), signature.formatErrors.stream()).toList();
        boolean isPlausible = made.isEmpty() || mistakes.size() <= MAX_MISTAKES;
        if (signature.matches(mac) && isPlausible) {
          return Optional.of(mistakes);
        }
      }
    }
    return Optional.empty();
  }

  private byte[] sign(Candidate candidate, Algorithm algorithm) {
    bytesSigned += candidate.cost();
    candidatesTried++;
    try {
      Mac mac = Mac.getInstance(algorithm.hmacName());
      mac.init(new SecretKeySpec(candidate.key.bytes(), algorithm.hmacName()));
      mac.update(candidate.prefix.bytes());
      return mac.doFinal(candidate.body.bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm.hmacName(), e);
    }
  }

  /// A signature to try: the HMAC of the prefix and the body, with the key.
  private record Candidate(Variant key, Variant prefix, Variant body) {
    List<SignatureMistake> mistakes() {
      return Stream.of(key, prefix, body).flatMap(part -> part.mistakes().stream()).toList();
    }

    /// Returns the cost in bytes, including the HMAC's own blocks.
    long cost() {
      return 256L + prefix.bytes().length + body.bytes().length;
    }
  }
}
