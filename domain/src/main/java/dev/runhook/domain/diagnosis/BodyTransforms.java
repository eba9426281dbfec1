package dev.runhook.domain.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.Arrays;
import java.util.stream.Stream;

/// What happens to the bytes of a body by mistake in transit, apart from being parsed.
final class BodyTransforms {
  private static final String BOM = "\u00ef\u00bb\u00bf";

  private BodyTransforms() {}

  /// Returns the variants of the body after one mistake. The bytes are handled as Latin-1, which
  /// has one character for each byte.
  static Stream<Variant> of(Variant body) {
    String text = new String(body.bytes(), ISO_8859_1);
    return Stream.of(
            newlines(body, text),
            lineEndings(body, text),
            byteOrderMarks(body, text),
            encodings(body))
        .flatMap(changes -> changes)
        .filter(changed -> !Arrays.equals(changed.bytes(), body.bytes()));
  }

  private static Stream<Variant> newlines(Variant body, String text) {
    return Stream.of(
        changed(body, Kind.NEWLINE_REMOVED, "", text.replaceFirst("\r?\n\\z", "")),
        changed(body, Kind.NEWLINE_REMOVED, "", text.stripTrailing()),
        changed(body, Kind.NEWLINE_ADDED, "", text + "\n"),
        changed(body, Kind.NEWLINE_ADDED, "", text + "\r\n"));
  }

  private static Stream<Variant> lineEndings(Variant body, String text) {
    String unix = text.replace("\r\n", "\n");
    return Stream.of(
        changed(body, Kind.LINE_ENDINGS, "LF", unix),
        changed(body, Kind.LINE_ENDINGS, "CRLF", unix.replace("\n", "\r\n")));
  }

  private static Stream<Variant> byteOrderMarks(Variant body, String text) {
    return Stream.of(
        text.startsWith(BOM)
            ? changed(body, Kind.BOM_REMOVED, "", text.substring(BOM.length()))
            : changed(body, Kind.BOM_ADDED, "", BOM + text),
        changed(body, Kind.BODY_EMPTY, "", ""));
  }

  private static Stream<Variant> encodings(Variant body) {
    String decoded = new String(body.bytes(), UTF_8);
    String misdecoded = new String(body.bytes(), ISO_8859_1);
    return Stream.of(
        body.withMistake(
            new SignatureMistake(Kind.BODY_ENCODING, "Latin-1"), decoded.getBytes(ISO_8859_1)),
        body.withMistake(
            new SignatureMistake(Kind.BODY_ENCODING, "decoded as Latin-1 and encoded as UTF-8"),
            misdecoded.getBytes(UTF_8)));
  }

  private static Variant changed(Variant body, Kind kind, String detail, String text) {
    return body.withMistake(new SignatureMistake(kind, detail), text.getBytes(ISO_8859_1));
  }
}
