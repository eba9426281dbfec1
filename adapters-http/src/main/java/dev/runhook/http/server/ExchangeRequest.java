package dev.runhook.http.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The request of an exchange of the JDK's `HttpServer`: what the routes, Javalin and a host's
/// [dev.runhook.http.security.HostUsers] need. Other methods throw an exception that names them.
final class ExchangeRequest extends HttpServletRequestWrapper {
  private final HttpExchange exchange;
  private final String base;
  private final Body body;
  private final Map<String, Object> attributes = new HashMap<>();

  /// @param deadline the time to receive the whole body
  ExchangeRequest(HttpExchange exchange, String base, Duration deadline) {
    super(ExchangeResponse.unsupported(HttpServletRequest.class));
    this.exchange = exchange;
    this.base = base;
    this.body = new Body(exchange.getRequestBody(), deadline);
  }

  @Override
  public String getMethod() {
    return exchange.getRequestMethod();
  }

  @Override
  public String getProtocol() {
    return exchange.getProtocol();
  }

  @Override
  public String getScheme() {
    return isSecure() ? "https" : "http";
  }

  @Override
  public boolean isSecure() {
    return exchange instanceof HttpsExchange;
  }

  @Override
  public String getRequestURI() {
    return Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
  }

  @Override
  public @Nullable String getQueryString() {
    return exchange.getRequestURI().getRawQuery();
  }

  @Override
  public String getContextPath() {
    return "";
  }

  @Override
  public String getServletPath() {
    return base;
  }

  @Override
  public String getRemoteAddr() {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return exchange.getPrincipal();
  }

  @Override
  public @Nullable String getRemoteUser() {
    return exchange.getPrincipal() == null ? null : exchange.getPrincipal().getUsername();
  }

  @Override
  public @Nullable String getHeader(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return Collections.enumeration(exchange.getRequestHeaders().getOrDefault(name, List.of()));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(exchange.getRequestHeaders().keySet());
  }

  @Override
  public @Nullable String getContentType() {
    return getHeader("Content-Type");
  }

  @Override
  public long getContentLengthLong() {
    // the server has refused values that are not numbers
    return Optional.ofNullable(getHeader("Content-Length")).map(Long::parseLong).orElse(-1L);
  }

  @Override
  public Cookie[] getCookies() {
    return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
        .flatMap(header -> Arrays.stream(header.split(";")))
        .flatMap(ExchangeRequest::cookie)
        .toArray(Cookie[]::new);
  }

  private static Stream<Cookie> cookie(String pair) {
    int end = pair.indexOf('=');
    try {
      return end < 0
          ? Stream.empty()
          : Stream.of(new Cookie(pair.substring(0, end).strip(), pair.substring(end + 1).strip()));
    } catch (IllegalArgumentException ignored) {
      return Stream.empty(); // not a name that Runhook or a servlet can have set
    }
  }

  @Override
  public ServletInputStream getInputStream() {
    return body;
  }

  @Override
  public boolean isAsyncStarted() {
    return false;
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
  }

  @Override
  public void removeAttribute(String name) {
    attributes.remove(name);
  }

  /// The body, which must arrive within a time, measured from the first read.
  private static final class Body extends ServletInputStream {
    private final InputStream in;
    private final Duration limit;
    private long firstRead;
    private int count; // of the last read

    Body(InputStream in, Duration limit) {
      this.in = in;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long now = System.nanoTime();
      if (firstRead == 0) {
        firstRead = now;
      }
      Duration rest = limit.minusNanos(now - firstRead);
      IoDeadline.run(rest, () -> count = in.read(bytes, offset, length));
      return count;
    }

    @Override
    public boolean isFinished() {
      return count < 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("setReadListener");
    }
  }
}
