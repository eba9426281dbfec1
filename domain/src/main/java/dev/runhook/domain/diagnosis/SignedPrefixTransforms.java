package dev.runhook.domain.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What is signed before the body, and what by mistake.
///
/// @param near the seconds before and after, as many as receivers commonly allow clocks to differ
record SignedPrefixTransforms(Variant given, List<Variant> likely, List<Variant> clockSkew) {
  private static final int WINDOW_SECONDS = 300;
  private static final int MILLIS = 1000;
  private static final Pattern TIMESTAMP = Pattern.compile("\"timestamp\"\\s*:\\s*(\\d{1,15})");
  private static final int LOOKED_AT = 64 * 1024;

  SignedPrefixTransforms {
    likely = List.copyOf(likely);
    clockSkew = List.copyOf(clockSkew);
  }

  static SignedPrefixTransforms of(DiagnosisInput diagnosisInput, SignatureHeader header) {
    Variant nothing = Variant.given(new byte[0]);
    Optional<MessageHeaders> message = diagnosisInput.message();
    if (message.isEmpty()) {
      return new SignedPrefixTransforms(nothing, List.of(), List.of());
    }
    MessageHeaders told = message.get();
    if (header != SignatureHeader.STANDARD) {
      Variant included = nothing.withMistake(Kind.ID_AND_TIMESTAMP_INCLUDED, told.signedPrefix());
      return new SignedPrefixTransforms(nothing, List.of(included), List.of());
    }
    Variant given = Variant.given(told.signedPrefix());
    Stream<Variant> others =
        Stream.concat(
                LongStream.of(told.timestamp() * MILLIS, told.timestamp() / MILLIS).boxed(),
                inBody(diagnosisInput.body().bytes()))
            .filter(other -> other != told.timestamp())
            .map(other -> at(given, told, other));
    Variant leftOut = given.withMistake(Kind.ID_AND_TIMESTAMP_OMITTED, nothing.bytes());
    return new SignedPrefixTransforms(
        given, Stream.concat(Stream.of(leftOut), others).toList(), clockSkew(given, told));
  }

  private static List<Variant> clockSkew(Variant given, MessageHeaders told) {
    return LongStream.rangeClosed(1, WINDOW_SECONDS)
        .flatMap(away -> LongStream.of(told.timestamp() - away, told.timestamp() + away))
        .mapToObj(other -> at(given, told, other))
        .toList();
  }

  private static Variant at(Variant given, MessageHeaders told, long timestamp) {
    return given.withMistake(
        new SignatureMistake(Kind.WRONG_TIMESTAMP, Long.toString(timestamp)),
        told.withTimestamp(timestamp).signedPrefix());
  }

  /// The times that the body tells of: taken for the header's easily.
  private static Stream<Long> inBody(byte[] body) {
    String start = new String(body, 0, Math.min(body.length, LOOKED_AT), ISO_8859_1);
    return TIMESTAMP
        .matcher(start)
        .results()
        .limit(4)
        .map(found -> Long.parseLong(found.group(1)))
        .distinct();
  }
}
