package dev.runhook.http.api;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Public content that never changes. It is compressed once and not for each request, which would
/// let anyone use up the processors. Thread-safe.
public final class StaticContent {
  private static final byte[] NOT_COMPRESSED = {};

  private final String mediaType;
  private final byte[] bytes;
  private byte[] compressed = NOT_COMPRESSED; // guarded by this

  /// @param bytes must not be changed afterwards
  public StaticContent(String mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.bytes = bytes;
  }

  /// Writes the content, compressed if the client accepts that.
  ///
  /// @param headers replace or supplement [ApiResponse#COMMON_HEADERS]
  public void write(Context context, Map<String, String> headers) {
    context.attribute(ApiResponse.HANDLED, true);
    ApiResponse.COMMON_HEADERS.forEach(context::header);
    headers.forEach(context::header);
    context.header("Vary", "Accept-Encoding");
    context.contentType(mediaType);
    byte[] body = bytes;
    if (ContentNegotiation.acceptsGzip(context)) {
      context.header("Content-Encoding", "gzip");
      body = compressed();
    }
    context.res().setContentLength(body.length);
    try {
      context.outputStream().write(body);
    } catch (IOException ignored) {
      // the client has disconnected
    }
  }

  private synchronized byte[] compressed() {
    if (compressed.length == 0) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException("writing to memory failed", e);
      }
      compressed = out.toByteArray();
    }
    return compressed;
  }
}
