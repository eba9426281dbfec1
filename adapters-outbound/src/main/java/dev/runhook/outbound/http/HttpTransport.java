package dev.runhook.outbound.http;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.outbound.HttpClientProperties;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.egress.PreConnectAddressCheck;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Allowed;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Denied;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Unresolved;
import dev.runhook.outbound.tls.ExplainingTrustManager;
import java.io.UncheckedIOException;
import java.net.CookieHandler;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts deliveries over the JDK's HTTP client. Each post blocks its calling thread, which should
/// be a virtual one.
///
/// The timeout of the request limits the whole exchange. The DNS lookup and the wait for the
/// response headers fail when it expires; a response body is cut off. The status line decides the
/// outcome, and what happens to the body afterward does not change it. If a receiver has closed a
/// keep-alive connection, the request is sent a second time within the same timeout.
///
/// Only HTTP/1.1 is used, even over TLS. An HTTP/1.1 connection carries one exchange at a time and
/// is closed when that exchange hangs. All deliveries to a host would share one HTTP/2 connection,
/// and a silent one would fail every attempt until the kernel closes it.
///
/// A request goes to an address that was checked for it, and no cache of the JVM is used in between
/// (see [PreConnectAddressCheck]). If it does not respond, the next request of the account goes to
/// another address of the receiver. The connections of an account are used for its requests only.
///
/// The proxy settings of the platform are ignored. If an egress proxy is configured, all requests
/// go through it. The target is still checked here, but the proxy looks up the name again by its
/// own rules. Thread-safe.
public final class HttpTransport implements Transport, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);
  private static final Outcome SHUT_DOWN =
      new InternalFailure("the sender shut down before the receiver responded");

  private static final int MAX_CLIENTS = 256;

  private final ClientPool clientPool;
  private final PreConnectAddressCheck addressCheck;
  private final BodyWatchdog watchdog = new BodyWatchdog();
  private final KnownConnections connections;
  private final OutcomeMapper outcomes;
  private final Optional<EgressProxy> proxy;
  private volatile boolean closed;

  /// @param clock used for a date in `Retry-After` if the response has no `Date` header
  /// @throws IllegalStateException if there is no egress proxy and the JVM cannot send a request to
  ///   a checked address; the message says what to configure
  public HttpTransport(TransportSettings settings, InstantSource clock) {
    this(settings, clock, new PreConnectAddressCheck(settings.egress()));
  }

  HttpTransport(
      TransportSettings settings, InstantSource clock, PreConnectAddressCheck addressCheck) {
    HttpClientProperties.set();
    if (settings.proxy().isEmpty()) {
      PreConnectAddressCheck.requireSupport();
    }
    this.connections = new KnownConnections();
    SSLContext tls = ExplainingTrustManager.sslContext(settings.extraCaCertificates());
    this.proxy = settings.proxy();
    Duration maxIdle = HttpClientProperties.keepAliveTimeout().plusSeconds(1);
    this.clientPool =
        new ClientPool(() -> newClient(settings, tls), watchdog, MAX_CLIENTS, maxIdle);
    this.addressCheck = addressCheck;
    this.outcomes = new OutcomeMapper(clock, settings.connectTimeout(), proxy);
  }

  /// The executor `Runnable::run` keeps an exchange on the caller's thread and the client's
  /// selector thread. That is nearly twice as fast as a thread pool.
  private static HttpClient newClient(TransportSettings settings, SSLContext tls) {
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(settings.connectTimeout())
        .executor(Runnable::run)
        .proxy(settings.proxy().map(EgressProxy::proxySelector).orElse(HttpClient.Builder.NO_PROXY))
        .cookieHandler(new ContentLengthValidator())
        .sslContext(tls)
        .build();
  }

  @Override
  public Outcome post(SignedRequest request) {
    return post(request, phase -> {});
  }

  @Override
  public Outcome post(SignedRequest request, Consumer<Phase> onPhase) {
    Deadline deadline = Deadline.after(request.timeout());
    URI endpoint = request.endpoint().uri();
    try {
      return switch (addressCheck.evaluate(request.account(), endpoint, deadline.remaining())) {
        case Allowed(List<URI> targets) -> {
          onPhase.accept(Phase.RESOLVED);
          yield send(request, proxy.isPresent() ? List.of(endpoint) : targets, deadline, onPhase);
        }
        case Denied(String rule) -> new Blocked(rule);
        case Unresolved(String detail) -> new NoResponse(Cause.DNS_FAILURE, detail);
      };
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
      return SHUT_DOWN;
    } catch (UncheckedIOException e) { // for example without file descriptors
      return new InternalFailure("cannot create an HTTP client: " + e.getMessage());
    }
  }

  private Outcome send(
      SignedRequest request, List<URI> targets, Deadline deadline, Consumer<Phase> onPhase)
      throws InterruptedException {
    if (closed) {
      return SHUT_DOWN;
    }
    URI target = connections.choose(request.account(), targets);
    ConnectionKey key = ConnectionKey.of(request.account(), target);
    boolean reusesConnection = connections.isLikelyOpen(key);
    DeliveryExchange exchange = exchange(request, target, key, deadline, onPhase);
    if (exchange.wasClosedWithoutResponse()
        && reusesConnection
        && !closed
        && !deadline.hasPassed()) {
      LOG.atDebug()
          .addKeyValue("host", request.endpoint().uri().getHost())
          .log("sent again because the receiver had closed the keep-alive connection");
      exchange = exchange(request, target, key, deadline, onPhase);
    }
    connections.recordOutcome(key, exchange.outcome());
    Outcome outcome = outcomes.withoutProxyResponse(exchange.outcome());
    return closed && !(outcome instanceof Outcome.Responded) ? SHUT_DOWN : outcome;
  }

  private DeliveryExchange exchange(
      SignedRequest request,
      URI target,
      ConnectionKey key,
      Deadline deadline,
      Consumer<Phase> onPhase)
      throws InterruptedException {
    DeliveryExchange exchange =
        new DeliveryExchange(request.endpoint().uri(), deadline, watchdog, outcomes);
    clientPool.run(exchange, key, httpRequest(request, target, deadline.remaining(), onPhase));
    if (exchange.isConnectionReusable()) {
      connections.recordUse(key);
    }
    return exchange;
  }

  /// The client asks for the body when it has a connection.
  private HttpRequest httpRequest(
      SignedRequest request, URI target, Duration timeout, Consumer<Phase> onPhase) {
    Runnable onConnected = () -> onPhase.accept(Phase.CONNECTED);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .POST(PayloadPublisher.of(request.payload(), onConnected));
    for (Header header : request.headers()) {
      builder.header(header.name(), header.value());
    }
    URI endpoint = request.endpoint().uri();
    if (!target.equals(endpoint)) {
      builder.setHeader("Host", hostHeader(endpoint));
    }
    // sent without waiting for a challenge; the client does not send it through a tunnel
    proxy
        .flatMap(EgressProxy::authorization)
        .ifPresent(credentials -> builder.header("Proxy-Authorization", credentials));
    return builder.build();
  }

  private static String hostHeader(URI endpoint) {
    int defaultPort = endpoint.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return endpoint.getPort() < 0 || endpoint.getPort() == defaultPort
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }

  /// Closes all connections and stops all threads. Posts in flight return [InternalFailure].
  @Override
  public void close() {
    closed = true;
    watchdog.close();
    clientPool.close();
    addressCheck.close();
  }

  /// Rejects a response with an invalid `Content-Length` while the client can still close the
  /// connection. If the client finds the error itself, it leaves the socket open until the receiver
  /// closes it.
  ///
  /// This is a cookie handler because that is the only hook that sees the headers before the client
  /// reads the body. It stores no cookies.
  private static final class ContentLengthValidator extends CookieHandler {
    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> requestHeaders) {
      return Map.of();
    }

    @Override
    public void put(URI uri, Map<String, List<String>> responseHeaders) throws ProtocolException {
      for (String length : responseHeaders.getOrDefault("Content-Length", List.of())) {
        if (!isLength(length)) {
          throw new ProtocolException("Content-Length is \"" + length + "\"");
        }
      }
    }

    private static boolean isLength(String text) {
      try {
        return Long.parseLong(text) >= 0;
      } catch (NumberFormatException ignored) {
        return false;
      }
    }
  }

  /// Sends large payloads in chunks that are copied when they are written. `ofByteArray` would hold
  /// two copies of the whole payload for each attempt, as long as the receiver does not respond.
  private static final class PayloadPublisher implements BodyPublisher {
    private static final int MAX_SMALL_BYTES = 4 * 1024;
    private static final int CHUNK_BYTES = 16 * 1024;

    private final BodyPublisher body;
    private final Runnable onRequest;

    private PayloadPublisher(BodyPublisher body, Runnable onRequest) {
      this.body = body;
      this.onRequest = onRequest;
    }

    /// @param onRequest is called when the client asks for the body
    static BodyPublisher of(Payload payload, Runnable onRequest) {
      return new PayloadPublisher(
          payload.length() <= MAX_SMALL_BYTES
              ? BodyPublishers.ofByteArray(payload.bytes())
              : BodyPublishers.fromPublisher(
                  BodyPublishers.ofByteArrays(() -> chunks(payload)), payload.length()),
          onRequest);
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      onRequest.run();
      body.subscribe(subscriber);
    }

    private static Iterator<byte[]> chunks(Payload payload) {
      int chunks = Math.ceilDiv(payload.length(), CHUNK_BYTES);
      return IntStream.range(0, chunks)
          .mapToObj(chunk -> payload.bytes(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES))
          .iterator();
    }
  }
}
