package dev.runhook.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.diagnosis.SignatureMistake.Kind;
import java.util.Arrays;
import java.util.stream.Stream;

/// The mistakes that change the bytes of a body, except parsing and serializing it again.
final class BodyTransforms {
  private static final String BOM = "\u00ef\u00bb\u00bf";

  private BodyTransforms() {}

  /// Returns the variants of the body after one mistake. The bytes are handled as Latin-1, which
  /// has one character for each byte.
  static Stream<Variant> of(Variant body) {
    String text = new String(body.bytes(), ISO_8859_1);
    String unix = text.replace("\r\n", "\n");
    String decoded = new String(body.bytes(), UTF_8);
    return Stream.of(
            changed(body, Kind.NEWLINE_REMOVED, "", text.replaceFirst("\r?\n\\z", "")),
            changed(body, Kind.NEWLINE_REMOVED, "", text.stripTrailing()),
            changed(body, Kind.NEWLINE_ADDED, "", text + "\n"),
            changed(body, Kind.NEWLINE_ADDED, "", text + "\r\n"),
            changed(body, Kind.LINE_ENDINGS, "LF", unix),
            changed(body, Kind.LINE_ENDINGS, "CRLF", unix.replace("\n", "\r\n")),
            text.startsWith(BOM)
                ? changed(body, Kind.BOM_REMOVED, "", text.substring(BOM.length()))
                : changed(body, Kind.BOM_ADDED, "", BOM + text),
            changed(body, Kind.BODY_EMPTY, "", ""),
            changed(body, Kind.BODY_ENCODING, "Latin-1", decoded),
            body.withMistake(
                Kind.BODY_ENCODING,
                "decoded as Latin-1 and encoded as UTF-8",
                text.getBytes(UTF_8)))
        .filter(changed -> !Arrays.equals(changed.bytes(), body.bytes()));
  }

  private static Variant changed(Variant body, Kind kind, String detail, String text) {
    return body.withMistake(kind, detail, text.getBytes(ISO_8859_1));
  }
}
