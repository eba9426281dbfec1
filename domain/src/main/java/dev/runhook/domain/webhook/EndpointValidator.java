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

/// What a URL must be to be called. Strict on purpose: a spelling that two parsers could read as
/// two hosts is refused, not interpreted. Names are judged again, by their addresses, whenever they
/// are looked up.
final class EndpointValidator {
  private static final int LONGEST = 2048;
  private static final int LONGEST_HOST = 253;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMERIC_LABEL = Pattern.compile("\\d+|0x[0-9a-f]*");
  private static final Set<String> INSIDE =
      Set.of("local", "localdomain", "internal", "intranet", "lan", "onion", "invalid");

  private final EgressPolicy policy;

  EndpointValidator(EgressPolicy policy) {
    this.policy = policy;
  }

  /// What is not plain and may be read as a place that is forbidden is called so, by the rule; it
  /// is never fit.
  EndpointCheck check(String text) {
    EndpointCheck verdict = judgePlain(text);
    return verdict instanceof Malformed
        ? NonCanonicalHost.of(text).flatMap(this::ruleAgainst).orElse(verdict)
        : verdict;
  }

  private Optional<EndpointCheck> ruleAgainst(NonCanonicalHost odd) {
    String host = odd.text();
    Stream<EgressDecision> literal = host.contains(":") ? judgeLiteral(host) : Stream.empty();
    Stream<String> addresses =
        Stream.concat(literal, odd.addresses().map(policy::evaluate))
            .flatMap(egressDecision ->
                egressDecision instanceof EgressDecision.Denied(String rule)
                    ? Stream.of(rule)
                    : Stream.empty());
    String[] labels = host.split("\\.", -1);
    Stream<String> names =
        isName(labels) ? Stream.ofNullable(insideRule(host, labels)) : Stream.empty();
    return Stream.concat(addresses, names).findFirst().map(Forbidden::new);
  }

  private Stream<EgressDecision> judgeLiteral(String address) {
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

  private EndpointCheck judgePlain(String text) {
    if (text.length() > LONGEST) {
      return new Malformed("the endpoint is longer than " + LONGEST + " characters");
    }
    if (text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f || c == '\\')) {
      return new Malformed(
          "the endpoint must be printable ASCII without spaces and backslashes; percent-encode the path, write the host in punycode");
    }
    try {
      return check(new URI(text));
    } catch (URISyntaxException e) {
      return new Malformed("the endpoint is no URL: " + e.getReason());
    }
  }

  private EndpointCheck check(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return new Malformed("the endpoint must begin with https:// or http://");
    }
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return new Malformed(
          "the endpoint must not carry a user name or password; use a header of the webhook instead");
    }
    if (uri.getRawFragment() != null) {
      return new Malformed("the endpoint must not have a fragment (#…)");
    }
    String host = uri.getHost();
    if (host == null || !authority(host, uri.getPort()).equals(uri.getRawAuthority())) {
      return new Malformed(
          "the endpoint needs a host in its plain form, such as https://hooks.example.com/path");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return new Malformed("the endpoint's port must be 1 to 65535");
    }
    return judgeHost(uri, host.toLowerCase(Locale.ROOT));
  }

  private static String authority(String host, int port) {
    return port < 0 ? host : host + ":" + port;
  }

  private EndpointCheck judgeHost(URI uri, String host) {
    if (host.startsWith("[")) {
      return judgeAddress(uri, host.substring(1, host.length() - 1));
    }
    String[] labels = host.split("\\.", -1);
    String last = labels[labels.length - 1];
    if (NUMERIC_LABEL.matcher(last).matches()) {
      return judgeAddress(uri, host);
    }
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return new Malformed(
            "the endpoint's host must be a plain name: letters, digits and hyphens between dots, no dot at the end");
      }
    }
    if (host.length() > LONGEST_HOST) {
      return new Malformed("the endpoint's host is longer than " + LONGEST_HOST + " characters");
    }
    String insideRule = insideRule(host, labels);
    return insideRule == null
        ? new Valid(Endpoint.ofStored(uri.toString()))
        : new Forbidden(insideRule);
  }

  private EndpointCheck judgeAddress(URI uri, String address) {
    try {
      return switch (policy.evaluateLiteral(address)) {
        case EgressDecision.Allowed() -> new Valid(Endpoint.ofStored(uri.toString()));
        case EgressDecision.Denied(String rule) -> new Forbidden(rule);
      };
    } catch (IllegalArgumentException _) {
      return new Malformed(
          "the endpoint's host is a number, but no address in its usual form, such as 203.0.113.7");
    }
  }

  /// The rule that a name which only means something inside a network breaks, or null. An operator
  /// who has opened networks may name hosts in them.
  private @Nullable String insideRule(String host, String[] labels) {
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
      return "name without a dot, known only inside a network";
    }
    return INSIDE.contains(last) || ("." + host).endsWith(".home.arpa")
        ? "name reserved for inside a network, ." + last
        : null;
  }
}
