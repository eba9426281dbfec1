package dev.runhook.http.webui;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.api.StaticContent;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A static file of the web UI, held in memory.
final class WebUiFile {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,60}\\.(html|css|js|svg)");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final int DIGEST_LENGTH = 22;
  private static final Pattern REFERENCE = Pattern.compile("\"assets/([^\"/]+)\"");

  private final String mediaType;
  private final String etag;
  private final byte[] bytes;
  private final StaticContent content;

  private WebUiFile(String mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.etag = "\"" + digest(bytes) + "\"";
    this.bytes = bytes;
    this.content = new StaticContent(mediaType, bytes);
  }

  /// Finds a file in the jar. The name is validated first.
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
      throw new UncheckedIOException("cannot read a file of the web UI from the jar", e);
    }
  }

  /// Returns a digest of all files. It changes if any of them changes.
  static String digestOf(Map<String, WebUiFile> files) {
    StringJoiner etags = new StringJoiner("\n");
    new TreeMap<>(files).forEach((name, file) -> etags.add(name + " " + file.etag));
    return digest(etags.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Returns the names of the files that this file references.
  Stream<String> referencedFiles() {
    return REFERENCE.matcher(text()).results().map(reference -> reference.group(1));
  }

  /// Returns a copy that references the other files in the given directory.
  WebUiFile withAssetDirectory(String directory) {
    String text = REFERENCE.matcher(text()).replaceAll("\"assets/" + directory + "/$1\"");
    return new WebUiFile(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  private String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  String etag() {
    return etag;
  }

  /// @param ifNoneMatch the value of `If-None-Match`; a compressing proxy may have added a suffix
  ///   to the ETag
  boolean matchesIfNoneMatch(String ifNoneMatch) {
    String opaque = etag.substring(1, etag.length() - 1);
    return ifNoneMatch.contains("\"" + opaque + "\"") || ifNoneMatch.contains("\"" + opaque + "-");
  }

  void write(Context context, Map<String, String> headers) {
    content.write(context, headers);
  }

  private static String digest(byte[] bytes) {
    return Sha256.hex(bytes).substring(0, DIGEST_LENGTH);
  }
}
