package dev.runhook.http.server;

import com.sun.net.httpserver.HttpExchange;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The response of an exchange of the JDK's `HttpServer`, with the methods that the routes and
/// Javalin call. It is sent with its length if it is short, and in chunks after a flush.
final class ExchangeResponse extends HttpServletResponseWrapper {
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int SLICE_BYTES = 16 * 1024;
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_LENGTH = "Content-Length";

  private final HttpExchange exchange;
  private final Duration deadline;
  private final Body body = new Body();
  private int status = 200;
  private boolean committed;

  /// @param deadline the time for the client to receive a part of the response
  ExchangeResponse(HttpExchange exchange, Duration deadline) {
    super(unsupported(HttpServletResponse.class));
    this.exchange = exchange;
    this.deadline = deadline;
  }

  /// Returns an object whose methods throw an exception with their name.
  static <T> T unsupported(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(
                  "an exchange of the JDK's HttpServer has no " + method.getName());
            }));
  }

  /// Sends what has not been sent.
  void complete() throws IOException {
    if (!committed) {
      commit(body.buffer.size());
    }
    body.sendBuffer();
    IoDeadline.run(deadline, () -> exchange.getResponseBody().close());
  }

  /// Closes the exchange, and the connection too if the response is not complete.
  void closeExchange() {
    try {
      IoDeadline.run(deadline, exchange::close);
    } catch (IOException ignored) {
      // the client has disconnected
    }
  }

  /// @param length the number of bytes of the body; negative if it is not known
  private void commit(long length) throws IOException {
    committed = true;
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    boolean hasBody = !isHead && status != 204 && status != 304;
    String declared = exchange.getResponseHeaders().getFirst(CONTENT_LENGTH);
    long total = declared == null ? length : Long.parseLong(declared);
    if (isHead && total >= 0) {
      setHeader(CONTENT_LENGTH, String.valueOf(total));
    }
    body.discarded = !hasBody;
    long sent = hasBody && total != 0 ? Math.max(0, total) : -1; // 0 means chunks, -1 no body
    IoDeadline.run(deadline, () -> exchange.sendResponseHeaders(status, sent));
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return body;
  }

  @Override
  public boolean isCommitted() {
    return committed;
  }

  @Override
  public int getStatus() {
    return status;
  }

  @Override
  public void setStatus(int code) {
    if (!committed) {
      status = code;
    }
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (value == null) {
      exchange.getResponseHeaders().remove(name);
    } else {
      exchange.getResponseHeaders().set(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    exchange.getResponseHeaders().add(name, value);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return exchange.getResponseHeaders().getFirst(name);
  }

  @Override
  public boolean containsHeader(String name) {
    return exchange.getResponseHeaders().containsKey(name);
  }

  @Override
  public void setContentType(@Nullable String type) {
    setHeader(CONTENT_TYPE, type);
  }

  @Override
  public @Nullable String getContentType() {
    return getHeader(CONTENT_TYPE);
  }

  @Override
  public void setContentLength(int length) {
    setHeader(CONTENT_LENGTH, String.valueOf(length));
  }

  @Override
  public String getCharacterEncoding() {
    return "UTF-8";
  }

  /// Collects a short body, so that its length can be sent.
  private final class Body extends ServletOutputStream {
    private ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private boolean discarded;

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (buffer.size() + length <= BUFFER_BYTES) {
        buffer.write(bytes, offset, length);
      } else {
        commitAndSendBuffer();
        send(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      commitAndSendBuffer();
      if (!discarded) {
        IoDeadline.run(deadline, () -> exchange.getResponseBody().flush());
      }
    }

    private void commitAndSendBuffer() throws IOException {
      if (!committed) {
        commit(-1);
      }
      sendBuffer();
    }

    private void sendBuffer() throws IOException {
      byte[] bytes = buffer.toByteArray();
      buffer = new ByteArrayOutputStream();
      send(bytes, 0, bytes.length);
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      for (int from = offset; from < end && !discarded; from += SLICE_BYTES) {
        int start = from;
        int size = Math.min(SLICE_BYTES, end - from);
        IoDeadline.run(deadline, () -> exchange.getResponseBody().write(bytes, start, size));
      }
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("setWriteListener");
    }
  }
}
