package dev.runhook.http.webui;

import static java.util.Objects.requireNonNull;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.api.StaticContent;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A static file of the web UI, held in memory. Its name is relative to the resources of this
/// package. Below `lib/`, it begins with the name of the WebJar that contains the file.
final class WebUiFile {
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "md", "text/markdown; charset=utf-8",
          "svg", "image/svg+xml; charset=utf-8");
  private static final String LIBRARIES = "lib/";
  private static final int DIGEST_LENGTH = 22;
  private static final Pattern REFERENCE = Pattern.compile("\"(\\./)?assets/([^\"]+)\"");
  private static final Pattern INLINE_SCRIPT =
      Pattern.compile("(?s)<script(?![^>]* src=)[^>]*>(.+?)</script>");

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

  /// Reads a file from its jar.
  static WebUiFile read(String name) {
    String mediaType = requireNonNull(MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    return new WebUiFile(
        mediaType,
        readResource(
            name.startsWith(LIBRARIES)
                ? libraryResource(name.substring(LIBRARIES.length()))
                : name));
  }

  /// The path of a library file contains the version, which only the jar knows.
  private static String libraryResource(String name) {
    int slash = name.indexOf('/');
    String jar = name.substring(0, slash);
    Properties properties = new Properties();
    try {
      properties.load(
          new ByteArrayInputStream(
              readResource("/META-INF/maven/org.webjars.npm/" + jar + "/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("version");
    return "/META-INF/resources/webjars/" + jar + "/" + version + name.substring(slash);
  }

  private static byte[] readResource(String resource) {
    try (InputStream file =
        requireNonNull(WebUiFile.class.getResourceAsStream(resource), resource)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the jar", e);
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
    return REFERENCE.matcher(text()).results().map(reference -> reference.group(2));
  }

  /// Returns a copy that references the other files in the given directory.
  WebUiFile withAssetDirectory(String directory) {
    String text = REFERENCE.matcher(text()).replaceAll("\"$1assets/" + directory + "/$2\"");
    return new WebUiFile(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns a copy of the index page whose root element has these attributes, too.
  WebUiFile withAttributes(List<String> attributes) {
    String text =
        text()
            .replaceFirst(
                "<html",
                "<html" + attributes.stream().map(" "::concat).collect(Collectors.joining()));
    return new WebUiFile(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns the sources that a content security policy must list for the inline scripts of this
  /// file.
  String inlineScriptHashes() {
    return INLINE_SCRIPT
        .matcher(text())
        .results()
        .map(script -> Sha256.hash(script.group(1).getBytes(StandardCharsets.UTF_8)))
        .map(hash -> "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .collect(Collectors.joining(" "));
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
