package dev.runhook.outbound.http;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.spi.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalError;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.outbound.egress.AddressPolicy;
import dev.runhook.outbound.egress.DnsCache;
import dev.runhook.outbound.egress.EgressCheck;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.egress.EgressResult.Allowed;
import dev.runhook.outbound.egress.EgressResult.Denied;
import dev.runhook.outbound.egress.EgressResult.Unresolved;
import dev.runhook.outbound.egress.FilteringResolver;
import dev.runhook.outbound.tls.ExplainingTrustManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts over the JDK's HTTP client on the calling thread, best a virtual one.
///
/// The whole exchange ends by the request's timeout: look-up and waiting for the headers throw at
/// it, a body that is not over by then is cut off. The status line decides: what happens to the
/// body after it changes nothing. Where a receiver closed a kept-alive connection under us, the
/// request is sent once more at once, within the same timeout.
///
/// HTTP/1.1 only, for TLS too. An HTTP/1.1 connection carries one exchange and dies with it when it
/// hangs; an HTTP/2 connection is shared by all deliveries to a host, and one that has gone silent
/// would swallow every attempt until the kernel gives it up.
///
/// The platform's proxy settings are passed over; where the operator sets a proxy all requests
/// leave by it. What they may reach is judged here all the same; the proxy looks the name up again,
/// by its own rules. Thread-safe.
public final class HttpTransport implements Transport, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

  private final ClientPool clientPool;
  private final EgressCheck egressCheck;
  private final DnsCache dnsCache;
  private final BodyWatchdog bodyWatchdog = new BodyWatchdog();
  private final KeepAliveTracker keepAliveTracker = new KeepAliveTracker();
  private final ResponseMapper responseMapper;
  private final ExceptionMapper exceptionMapper;
  private final Optional<EgressProxy> proxy;
  private volatile boolean closed;

  /// @param clock tells how far away the date in a `Retry-After` is, where the receiver does not
  ///   tell its own time
  public HttpTransport(TransportSettings settings, InstantSource clock) {
    this(settings, clock, FilteringResolver::resolveUnfiltered);
  }

  public HttpTransport(TransportSettings settings, InstantSource clock, DnsCache.Resolver names) {
    SSLContext tls = ExplainingTrustManager.sslContext(settings.extraCaCertificates());
    this.proxy = settings.proxy();
    this.clientPool = new ClientPool(() -> client(settings, tls), bodyWatchdog);
    this.dnsCache = new DnsCache(names);
    this.egressCheck = new EgressCheck(new AddressPolicy(settings.egress()), dnsCache);
    this.responseMapper = new ResponseMapper(clock);
    this.exceptionMapper = new ExceptionMapper(settings.connectTimeout(), proxy);
  }

  /// `Runnable::run` keeps all of an exchange on the caller's and the client's selector thread:
  /// nearly twice as fast as handing it from pool to pool.
  private static HttpClient client(TransportSettings settings, SSLContext tls) {
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
    Deadline deadline = Deadline.after(request.timeout());
    URI uri = request.endpoint().uri();
    try {
      return switch (egressCheck.evaluate(uri, deadline)) {
        case Allowed allowed -> allowed.callBound(() -> send(request, uri, deadline));
        case Denied(String rule) -> new Blocked(rule);
        case Unresolved(String detail) -> new NoResponse(Cause.DNS_FAILURE, detail);
      };
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new InternalError("the sender was stopped before it saw an answer");
    }
  }

  private Outcome send(SignedRequest request, URI uri, Deadline deadline)
      throws InterruptedException {
    boolean mayMeetClosedConnection = keepAliveTracker.isLikelyOpen(uri);
    DeliveryExchange first = exchange(request, uri, deadline);
    Outcome outcome = judged(first);
    if (first.wasClosedWithoutResponse()
        && mayMeetClosedConnection
        && !closed
        && !deadline.hasPassed()) {
      LOG.atDebug()
          .addKeyValue("host", uri.getHost())
          .log("sent again: the receiver had closed a kept-alive connection");
      return judged(exchange(request, uri, deadline));
    }
    return closed && !(outcome instanceof Outcome.Responded)
        ? new InternalError("the sender was stopped before it saw an answer")
        : outcome;
  }

  private Outcome judged(DeliveryExchange deliveryExchange) {
    return proxy.isPresent()
        ? ProxyExceptionMapper.mapResponse(deliveryExchange.outcome())
        : deliveryExchange.outcome();
  }

  private DeliveryExchange exchange(SignedRequest request, URI uri, Deadline deadline)
      throws InterruptedException {
    DeliveryExchange deliveryExchange =
        new DeliveryExchange(deadline, bodyWatchdog, responseMapper, exceptionMapper);
    clientPool.run(deliveryExchange, wire(request, uri, deadline.remaining()));
    if (deliveryExchange.isConnectionReusable()) {
      keepAliveTracker.recordUse(uri);
    }
    return deliveryExchange;
  }

  private HttpRequest wire(SignedRequest request, URI uri, Duration timeout) {
    HttpRequest.Builder wire =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .POST(BodyPublishers.ofByteArray(request.payload().bytes()));
    for (Header header : request.headers()) {
      wire.header(header.name(), header.value());
    }
    // told before it is asked for; the client takes it out of what goes through a tunnel
    proxy
        .flatMap(EgressProxy::authorization)
        .ifPresent(credentials -> wire.header("Proxy-Authorization", credentials));
    return wire.build();
  }

  /// Ends what is under way, whose callers get [InternalError], and all threads and connections.
  @Override
  public void close() {
    closed = true;
    bodyWatchdog.close();
    clientPool.close();
    dnsCache.close();
  }
}
