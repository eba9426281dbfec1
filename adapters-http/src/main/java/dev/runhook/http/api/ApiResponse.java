package dev.runhook.http.api;

import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A response: a status, headers and optional content. [IdempotencyFilter] stores it as JSON.
public record ApiResponse(int status, Map<String, String> headers, @Nullable Content content) {
  /// The path below which all resources of the API are.
  public static final String BASE_PATH = "/api/v1";

  /// The request attribute that marks a response as written by this module.
  public static final String HANDLED = "dev.runhook.http.handled";

  /// The headers of every response, unless it has its own. Caches must not store it, because it may
  /// contain secrets, and a browser that opens it must neither guess its type nor run anything.
  public static final Map<String, String> COMMON_HEADERS =
      Map.of(
          "Cache-Control", "no-store",
          "X-Content-Type-Options", "nosniff",
          "Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

  private static final String JSON = "application/json";
  private static final int LARGE_BYTES = 16 * 1024;
  private static final int COMPRESSED_BYTES = 1024;
  private static final byte[] NOTHING = {};

  public ApiResponse {
    headers = Map.copyOf(headers);
  }

  /// The body, sent in UTF-8.
  public record Content(String mediaType, String text) {}

  public static ApiResponse ok(Object body) {
    return of(200, body);
  }

  /// @param body is written as JSON
  public static ApiResponse of(int status, Object body) {
    return ofText(status, JSON, Json.write(body));
  }

  /// Returns a list, or something else that clients poll. It contains no signing secrets, so that
  /// its compressed length reveals none.
  ///
  /// @param list is written as JSON, or as 304 if the client has it. It is compressed if it is long
  ///   and the client accepts that.
  public static ApiResponse ofPolled(Object list) {
    String json = Json.write(list);
    return ofText(200, JSON, json).withETag(ETag.ofList(json));
  }

  public static ApiResponse of(Problem problem) {
    return ofText(problem.status(), Problem.MEDIA_TYPE, Json.write(problem));
  }

  public static ApiResponse ofText(int status, String mediaType, String text) {
    return new ApiResponse(status, Map.of(), new Content(mediaType, text));
  }

  public static ApiResponse noContent() {
    return new ApiResponse(204, Map.of(), null);
  }

  /// @param path the path of the resource below [#BASE_PATH]; it consists of slugs and ids, so
  ///   nothing in it needs escaping
  public ApiResponse withLocation(String path) {
    return withHeader("Location", BASE_PATH + path);
  }

  public ApiResponse withETag(ETag etag) {
    return withHeader("ETag", etag.value());
  }

  public ApiResponse withHeader(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, content);
  }

  /// Writes the response. A large one is refused if too many others are being written.
  ///
  /// Writes nothing if the request has been responded to in another way.
  public void write(Context context) {
    if (context.attribute(HANDLED) != null) {
      return;
    }
    Optional<ETag> list =
        Optional.ofNullable(headers.get("ETag")).map(ETag::new).filter(ETag::isWeak);
    if (list.isPresent() && list.get().matches(header(context, "If-None-Match"))) {
      new ApiResponse(304, headers, null).writeHead(context);
      return;
    }
    byte[] bytes = content == null ? NOTHING : content.text().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LARGE_BYTES) {
      RequestMemory.of(context).addResponse(bytes.length);
    }
    writeHead(context);
    if (content != null) {
      context.contentType(content.mediaType());
      boolean compressed =
          list.isPresent()
              && bytes.length >= COMPRESSED_BYTES
              && ContentNegotiation.acceptsGzip(context);
      if (compressed) {
        context.header("Content-Encoding", "gzip");
        context.header("Vary", "Accept-Encoding");
      }
      write(bytes, compressed, context);
    }
  }

  private static String header(Context context, String name) {
    return Optional.ofNullable(context.header(name)).orElse("");
  }

  private void writeHead(Context context) {
    context.status(status);
    COMMON_HEADERS.forEach(context::header);
    headers.forEach((name, value) ->
        context.header(name, name.equals("Location") ? context.contextPath() + value : value));
    context.attribute(HANDLED, true);
    context.res().setContentType(null); // Javalin's default
  }

  /// Writes the body at once and not after the handler, so that its memory counts until the client
  /// has received it. Javalin would copy it, and clear a buffer of 8 KiB for that.
  private static void write(byte[] bytes, boolean compressed, Context context) {
    try {
      if (compressed) {
        GZIPOutputStream gzip = new GZIPOutputStream(context.outputStream());
        gzip.write(bytes);
        gzip.finish();
      } else {
        context.outputStream().write(bytes);
      }
    } catch (IOException ignored) {
      // the client has disconnected
    }
  }
}
