package dev.runhook.http.webui;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file of the web page, in memory.
final class WebUiFile {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,60}\\.(html|css|js|svg)");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final int TAG_LENGTH = 22;
  private static final Pattern REFERENCE = Pattern.compile("\"assets/([^\"/]+)\"");

  private final String mediaType;
  private final String etag;
  private final byte[] bytes;

  private WebUiFile(String mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.etag = "\"" + digest(bytes) + "\"";
    this.bytes = bytes;
  }

  /// The file of that name in our jar. Names are judged before anything is looked for.
  static Optional<WebUiFile> find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try (@Nullable InputStream file = WebUiFile.class.getResourceAsStream(name)) {
      return file == null
          ? Optional.empty()
          : Optional.of(
              new WebUiFile(
                  String.valueOf(MEDIA_TYPES.get(matcher.group(1))), file.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("a file of our own jar cannot be read", e);
    }
  }

  /// A name for all of them together, which is another one when any of them is.
  static String digestOf(Map<String, WebUiFile> files) {
    StringJoiner all = new StringJoiner("\n");
    new TreeMap<>(files).forEach((name, file) -> all.add(name + " " + file.etag));
    return digest(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// The files that this one names.
  Stream<String> referencedFiles() {
    return REFERENCE.matcher(text()).results().map(reference -> reference.group(1));
  }

  /// The same file, which names others in that folder.
  WebUiFile withAssetDirectory(String folder) {
    String text = REFERENCE.matcher(text()).replaceAll("\"assets/" + folder + "/$1\"");
    return new WebUiFile(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  private String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  String mediaType() {
    return mediaType;
  }

  /// Another one for other bytes.
  String etag() {
    return etag;
  }

  /// @param known the value of `If-None-Match`; whoever compresses on the way may have weakened it
  boolean matchesIfNoneMatch(String known) {
    String opaque = etag.substring(1, etag.length() - 1);
    return known.contains("\"" + opaque + "\"") || known.contains("\"" + opaque + "-");
  }

  InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, TAG_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
