package dev.runhook.domain.webhook;

import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.webhook.EndpointCheck.Forbidden;
import dev.runhook.domain.webhook.EndpointCheck.Malformed;
import dev.runhook.domain.webhook.EndpointCheck.Valid;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks that a URL may be called. It is strict on purpose: a URL that two parsers could read as
/// two different hosts is refused. Host names are checked again, by their addresses, whenever they
/// are resolved.
final class EndpointValidator {
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_HOST_LENGTH = 253;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMERIC_LABEL = Pattern.compile("\\d+|0x[0-9a-f]*");
  private static final Set<String> INTERNAL_DOMAINS =
      Set.of("local", "localdomain", "internal", "intranet", "lan", "onion", "invalid");

  private final EgressPolicy policy;

  EndpointValidator(EgressPolicy policy) {
    this.policy = policy;
  }

  /// Reports a malformed URL as forbidden if another parser could read it as a forbidden host. Such
  /// a URL is never valid.
  EndpointCheck check(String text) {
    EndpointCheck result = checkCanonical(text);
    return result instanceof Malformed
        ? NonCanonicalHost.of(text).flatMap(this::findViolation).orElse(result)
        : result;
  }

  private Optional<EndpointCheck> findViolation(NonCanonicalHost nonCanonical) {
    String host = nonCanonical.text();
    Stream<EgressDecision> literal = host.contains(":") ? evaluateLiteral(host) : Stream.empty();
    Stream<String> addresses =
        Stream.concat(literal, nonCanonical.addresses().map(policy::evaluate))
            .flatMap(decision ->
                decision instanceof EgressDecision.Denied(String rule)
                    ? Stream.of(rule)
                    : Stream.empty());
    String[] labels = host.split("\\.", -1);
    Stream<String> names =
        isName(labels) ? Stream.ofNullable(internalNameRule(host, labels)) : Stream.empty();
    return Stream.concat(addresses, names).findFirst().map(Forbidden::new);
  }

  private Stream<EgressDecision> evaluateLiteral(String address) {
    try {
      return Stream.of(policy.evaluateLiteral(address));
    } catch (IllegalArgumentException _) {
      return Stream.empty();
    }
  }

  private static boolean isName(String[] labels) {
    return !NUMERIC_LABEL.matcher(labels[labels.length - 1]).matches()
        && Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches());
  }

  private EndpointCheck checkCanonical(String text) {
    if (text.length() > MAX_LENGTH) {
      return new Malformed("the endpoint is longer than " + MAX_LENGTH + " characters");
    }
    if (text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f || c == '\\')) {
      return new Malformed(
          "the endpoint must be printable ASCII without spaces and backslashes; percent-encode the"
              + " path and write the host in punycode");
    }
    try {
      return check(new URI(text));
    } catch (URISyntaxException e) {
      return new Malformed("the endpoint is not a URL: " + e.getReason());
    }
  }

  private EndpointCheck check(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return new Malformed("the endpoint must begin with https:// or http://");
    }
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return new Malformed(
          "the endpoint must not contain a user name or password; use a custom header of the"
              + " webhook instead");
    }
    if (uri.getRawFragment() != null) {
      return new Malformed("the endpoint must not have a fragment (#…)");
    }
    String host = uri.getHost();
    if (host == null || !authority(host, uri.getPort()).equals(uri.getRawAuthority())) {
      return new Malformed(
          "the endpoint needs a host in its canonical form, such as"
              + " https://hooks.example.com/path");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return new Malformed("the endpoint's port must be 1 to 65535");
    }
    return checkHost(uri, host.toLowerCase(Locale.ROOT));
  }

  private static String authority(String host, int port) {
    return port < 0 ? host : host + ":" + port;
  }

  private EndpointCheck checkHost(URI uri, String host) {
    if (host.startsWith("[")) {
      return checkAddress(uri, host.substring(1, host.length() - 1));
    }
    String[] labels = host.split("\\.", -1);
    String last = labels[labels.length - 1];
    if (NUMERIC_LABEL.matcher(last).matches()) {
      return checkAddress(uri, host);
    }
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return new Malformed(
            "the endpoint's host must consist of letters, digits and hyphens between dots, without"
                + " a dot at the end");
      }
    }
    if (host.length() > MAX_HOST_LENGTH) {
      return new Malformed("the endpoint's host is longer than " + MAX_HOST_LENGTH + " characters");
    }
    String internalNameRule = internalNameRule(host, labels);
    return internalNameRule == null
        ? new Valid(Endpoint.ofStored(uri.toString()))
        : new Forbidden(internalNameRule);
  }

  private EndpointCheck checkAddress(URI uri, String address) {
    try {
      return switch (policy.evaluateLiteral(address)) {
        case EgressDecision.Allowed() -> new Valid(Endpoint.ofStored(uri.toString()));
        case EgressDecision.Denied(String rule) -> new Forbidden(rule);
      };
    } catch (IllegalArgumentException _) {
      return new Malformed(
          "the endpoint's host is numeric, but not an address in canonical form, such as"
              + " 203.0.113.7");
    }
  }

  /// Returns the rule that an internal host name violates, or null. If the operator has allowlisted
  /// networks, names in them are allowed.
  private @Nullable String internalNameRule(String host, String[] labels) {
    String last = labels[labels.length - 1];
    if (last.equals("localhost")) {
      return policy.evaluate(LOOPBACK) instanceof EgressDecision.Denied(String rule)
          ? "name of this machine, " + rule
          : null;
    }
    if (policy.hasAllowlist()) {
      return null;
    }
    if (labels.length == 1) {
      return "name without a dot, which exists only in a private network";
    }
    return INTERNAL_DOMAINS.contains(last) || ("." + host).endsWith(".home.arpa")
        ? "name reserved for private networks, ." + last
        : null;
  }
}
