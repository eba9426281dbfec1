package dev.runhook.outbound;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.spi.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Faulted;
import dev.runhook.domain.delivery.Outcome.Refused;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import dev.runhook.domain.signing.Header;
import dev.runhook.outbound.Clearance.Cleared;
import dev.runhook.outbound.Clearance.Denied;
import dev.runhook.outbound.Clearance.Unknown;
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

  private final Clients clients;
  private final Gatekeeper gatekeeper;
  private final Lookups lookups;
  private final Deadlines deadlines = new Deadlines();
  private final KeptAlive keptAlive = new KeptAlive();
  private final Answers answers;
  private final Failures failures;
  private final Optional<EgressProxy> proxy;
  private volatile boolean closed;

  /// @param clock tells how far away the date in a `Retry-After` is, where the receiver does not
  ///   tell its own time
  public HttpTransport(TransportSettings settings, InstantSource clock) {
    this(settings, clock, GuardedResolver::systemAddresses);
  }

  HttpTransport(TransportSettings settings, InstantSource clock, Lookups.Source names) {
    SSLContext tls = CertificateJudge.context(settings.extraAuthorities());
    this.proxy = settings.proxy();
    this.clients = new Clients(() -> client(settings, tls), deadlines);
    this.lookups = new Lookups(names);
    this.gatekeeper = new Gatekeeper(new AddressRules(settings.egress()), lookups);
    this.answers = new Answers(clock);
    this.failures = new Failures(settings.connectTimeout(), proxy);
  }

  /// `Runnable::run` keeps all of an exchange on the caller's and the client's selector thread:
  /// nearly twice as fast as handing it from pool to pool.
  private static HttpClient client(TransportSettings settings, SSLContext tls) {
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(settings.connectTimeout())
        .executor(Runnable::run)
        .proxy(settings.proxy().map(EgressProxy::selector).orElse(HttpClient.Builder.NO_PROXY))
        .cookieHandler(new LengthCheck())
        .sslContext(tls)
        .build();
  }

  @Override
  public Outcome post(SignedRequest request) {
    Deadline deadline = Deadline.in(request.timeout());
    URI uri = request.endpoint().uri();
    try {
      return switch (gatekeeper.judge(uri, deadline)) {
        case Cleared cleared -> cleared.call(() -> send(request, uri, deadline));
        case Denied(String rule) -> new Refused(rule);
        case Unknown(String detail) -> new Unanswered(Cause.DNS_FAILURE, detail);
      };
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Faulted("the sender was stopped before it saw an answer");
    }
  }

  private Outcome send(SignedRequest request, URI uri, Deadline deadline)
      throws InterruptedException {
    boolean mayMeetClosedConnection = keptAlive.isLikely(uri);
    Exchange first = exchange(request, uri, deadline);
    Outcome outcome = judged(first);
    if (first.wasClosedUnanswered() && mayMeetClosedConnection && !closed && !deadline.isOver()) {
      LOG.atDebug()
          .addKeyValue("host", uri.getHost())
          .log("sent again: the receiver had closed a kept-alive connection");
      return judged(exchange(request, uri, deadline));
    }
    return closed && !(outcome instanceof Outcome.Answered)
        ? new Faulted("the sender was stopped before it saw an answer")
        : outcome;
  }

  private Outcome judged(Exchange exchange) {
    return proxy.isPresent() ? ProxyFailures.judged(exchange.outcome()) : exchange.outcome();
  }

  private Exchange exchange(SignedRequest request, URI uri, Deadline deadline)
      throws InterruptedException {
    Exchange exchange = new Exchange(deadline, deadlines, answers, failures);
    clients.run(exchange, wire(request, uri, deadline.left()));
    if (exchange.leftConnectionOpen()) {
      keptAlive.note(uri);
    }
    return exchange;
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

  /// Ends what is under way, whose callers get [Faulted], and all threads and connections.
  @Override
  public void close() {
    closed = true;
    deadlines.close();
    clients.close();
    lookups.close();
  }
}
