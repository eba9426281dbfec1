package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.HttpClientProperties;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/// Filters every DNS lookup of the process, so that no name resolves to an address that the egress
/// policy denies.
///
/// The transport checks each request and pins it to a checked address, whether or not this filter
/// is installed. The filter covers all other code in the process that follows a name from user
/// input. It is meant for Runhook's own processes. A host that embeds Runhook does not install it,
/// and its lookups pass through unchanged.
public final class DnsEgressFilter {
  private DnsEgressFilter() {}

  /// Installs the filter, once per process. Call it at the start of `main`, before any name is
  /// looked up, because the JVM caches lookups for 30 seconds.
  ///
  /// @param infrastructureHosts hosts that the process itself needs, such as the database; they
  ///   resolve without a check. The transport still checks requests to them
  /// @throws IllegalStateException if the filter is already installed, or if the JVM does not use
  ///   it because this jar is not on the application class path or another resolver provider comes
  ///   first
  public static void install(EgressPolicy policy, Set<String> infrastructureHosts) {
    HttpClientProperties.set();
    Set<String> exemptHosts =
        infrastructureHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (!LookupRules.install(policy.denyingLocalAddresses(new LocalAddresses()), exemptHosts)) {
      throw new IllegalStateException("the DNS egress filter is already installed");
    }
    if (!JvmResolver.isInstalled()) {
      throw new IllegalStateException(
          "the JVM does not use the DNS egress filter; put its jar on the application class path,"
              + " before any other resolver provider");
    }
    Set<String> earlyNames = LookupRules.earlyNames();
    if (!earlyNames.isEmpty()) {
      LoggerFactory.getLogger(DnsEgressFilter.class)
          .atWarn()
          .addKeyValue("names", earlyNames)
          .log(
              "names were looked up before the DNS egress filter was installed; the JVM caches"
                  + " their addresses for 30 seconds without a check");
    }
  }
}
