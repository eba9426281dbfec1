package dev.runhook.domain.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What is signed before the body, correctly and by mistake.
///
/// @param given the correct prefix
/// @param likely the prefixes of likely mistakes
/// @param clockSkew the prefixes for nearby timestamps, up to the clock difference that receivers
///   commonly allow
record SignedPrefixTransforms(Variant given, List<Variant> likely, List<Variant> clockSkew) {
  private static final int MAX_SKEW_SECONDS = 300;
  private static final int MILLIS = 1000;
  private static final Pattern TIMESTAMP = Pattern.compile("\"timestamp\"\\s*:\\s*(\\d{1,15})");
  private static final int MAX_SEARCHED = 64 * 1024;

  SignedPrefixTransforms {
    likely = List.copyOf(likely);
    clockSkew = List.copyOf(clockSkew);
  }

  static SignedPrefixTransforms of(DiagnosisInput input, SignatureHeader header) {
    Variant empty = Variant.given(new byte[0]);
    Optional<MessageHeaders> headers = input.message();
    if (headers.isEmpty()) {
      return new SignedPrefixTransforms(empty, List.of(), List.of());
    }
    MessageHeaders message = headers.get();
    if (header != SignatureHeader.STANDARD) {
      Variant included = empty.withMistake(Kind.ID_AND_TIMESTAMP_INCLUDED, message.signedPrefix());
      return new SignedPrefixTransforms(empty, List.of(included), List.of());
    }
    Variant given = Variant.given(message.signedPrefix());
    Stream<Variant> others =
        Stream.concat(
                LongStream.of(message.timestamp() * MILLIS, message.timestamp() / MILLIS).boxed(),
                timestampsIn(input.body().bytes()))
            .filter(other -> other != message.timestamp())
            .map(other -> withTimestamp(given, message, other));
    Variant omitted = given.withMistake(Kind.ID_AND_TIMESTAMP_OMITTED, empty.bytes());
    return new SignedPrefixTransforms(
        given, Stream.concat(Stream.of(omitted), others).toList(), clockSkew(given, message));
  }

  private static List<Variant> clockSkew(Variant given, MessageHeaders message) {
    return LongStream.rangeClosed(1, MAX_SKEW_SECONDS)
        .flatMap(
            seconds -> LongStream.of(message.timestamp() - seconds, message.timestamp() + seconds))
        .mapToObj(other -> withTimestamp(given, message, other))
        .toList();
  }

  private static Variant withTimestamp(Variant given, MessageHeaders message, long timestamp) {
    return given.withMistake(
        new SignatureMistake(Kind.WRONG_TIMESTAMP, Long.toString(timestamp)),
        message.withTimestamp(timestamp).signedPrefix());
  }

  /// Returns the timestamps in the body, which are easily mistaken for the header's.
  private static Stream<Long> timestampsIn(byte[] body) {
    String start = new String(body, 0, Math.min(body.length, MAX_SEARCHED), ISO_8859_1);
    return TIMESTAMP
        .matcher(start)
        .results()
        .limit(4)
        .map(found -> Long.parseLong(found.group(1)))
        .distinct();
  }
}
