package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.http.HttpClientProperties;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Makes a whole process unable to find its way to where Runhook may not call: from then on no name
/// resolves to a denied address, whoever asks.
///
/// Every [HttpTransport] judges each request by itself and ties it to the addresses it judged, with
/// or without this. Installing it closes the rest: whatever else in the process follows a name that
/// a stranger chose, and answers that the JVM had cached before. It is for processes that are
/// Runhook's own. A host that embeds Runhook leaves it alone, and its own look-ups are passed
/// through unchanged.
public final class DnsEgressFilter {
  private record Rules(AddressPolicy addresses, Set<String> exempt) {}

  private static final AtomicReference<@Nullable Rules> INSTALLED = new AtomicReference<>();
  private static final Set<String> EARLY = ConcurrentHashMap.newKeySet();

  private DnsEgressFilter() {}

  /// Installs the guard, once and for good; also sets the system properties of the JDK's HTTP
  /// client that [HttpTransport] wants, unless they are given. Call it first thing in `main`,
  /// before any name is looked up (the JVM keeps answers for half a minute) and any HTTP client is
  /// made.
  ///
  /// @param infrastructureHosts names of what the process itself needs, such as the database's
  ///   host; they resolve to anything. No webhook gets there by them: its transport judges them
  ///   like any other
  /// @throws IllegalStateException if it is installed already, or the JVM does not ask it, because
  ///   this jar is not on the application class path or another resolver provider comes first
  public static void install(EgressPolicy policy, Set<String> infrastructureHosts) {
    HttpClientProperties.set();
    Set<String> exempt =
        infrastructureHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (!INSTALLED.compareAndSet(null, new Rules(new AddressPolicy(policy), exempt))) {
      throw new IllegalStateException("the egress guard is installed already");
    }
    if (!FilteringResolver.isInstalled()) {
      throw new IllegalStateException(
          "this JVM does not look names up through the egress guard; its jar must be on the application class path, and no other resolver provider before it");
    }
    if (!EARLY.isEmpty()) {
      LoggerFactory.getLogger(DnsEgressFilter.class)
          .atWarn()
          .addKeyValue("names", EARLY)
          .log(
              "names were looked up before the egress guard was installed; for half a minute the JVM remembers their addresses unjudged");
    }
  }

  /// Of a name's addresses those that may be known.
  static Stream<InetAddress> filter(String host, List<InetAddress> addresses) {
    Rules rules = INSTALLED.get();
    if (rules == null) {
      noteEarly(host);
      return addresses.stream();
    }
    return rules.exempt().contains(host.toLowerCase(Locale.ROOT))
        ? addresses.stream()
        : addresses.stream()
            .filter(
                address -> rules.addresses().evaluate(address) instanceof EgressDecision.Allowed);
  }

  /// Keeps a few: an embedding host may go on for ever without the guard.
  private static void noteEarly(String host) {
    if (EARLY.size() < 20) {
      EARLY.add(host);
    }
  }
}
