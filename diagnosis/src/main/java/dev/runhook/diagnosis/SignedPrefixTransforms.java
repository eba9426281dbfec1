package dev.runhook.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The bytes that are signed before the body, correctly and by mistake.
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

  static SignedPrefixTransforms of(DiagnosisInput input, SignatureHeader header) {
    Variant empty = Variant.given(new byte[0]);
    if (header != SignatureHeader.STANDARD) {
      List<Variant> included =
          input.message().stream()
              .map(it -> empty.withMistake(Kind.ID_AND_TIMESTAMP_INCLUDED, it.signedPrefix()))
              .toList();
      return new SignedPrefixTransforms(empty, included, List.of());
    }
    MessageHeaders message = input.message().orElseThrow();
    Variant given = Variant.given(message.signedPrefix());
    LongStream others =
        LongStream.concat(
            LongStream.of(message.timestamp() * MILLIS, message.timestamp() / MILLIS),
            timestampsIn(input.body().bytes()));
    Variant omitted = given.withMistake(Kind.ID_AND_TIMESTAMP_OMITTED, empty.bytes());
    LongStream nearby =
        LongStream.rangeClosed(1, MAX_SKEW_SECONDS)
            .flatMap(skew -> LongStream.of(message.timestamp() - skew, message.timestamp() + skew));
    return new SignedPrefixTransforms(
        given,
        Stream.concat(Stream.of(omitted), withTimestamps(given, message, others)).toList(),
        withTimestamps(given, message, nearby).toList());
  }

  private static Stream<Variant> withTimestamps(
      Variant given, MessageHeaders message, LongStream timestamps) {
    return timestamps
        .filter(other -> other != message.timestamp())
        .mapToObj(other ->
            given.withMistake(
                Kind.WRONG_TIMESTAMP,
                Long.toString(other),
                message.withTimestamp(other).signedPrefix()));
  }

  /// Returns the timestamps in the body, which are easily mistaken for the header's.
  private static LongStream timestampsIn(byte[] body) {
    String start = new String(body, 0, Math.min(body.length, MAX_SEARCHED), ISO_8859_1);
    return TIMESTAMP
        .matcher(start)
        .results()
        .limit(4)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .distinct();
  }
}
