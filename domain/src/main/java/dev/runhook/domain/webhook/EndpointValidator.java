package dev.runhook.domain.webhook;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.EgressPolicy.Decision.Denied;
import dev.runhook.domain.webhook.EndpointCheck.Forbidden;
import dev.runhook.domain.webhook.EndpointCheck.Malformed;
import dev.runhook.domain.webhook.EndpointCheck.Valid;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Checks that a URL may be called. It is deliberately strict: a URL in which two parsers could
/// find two different hosts is refused. Host names are checked again, by their addresses, whenever
/// they are resolved.
public final class EndpointValidator {
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_HOST_LENGTH = 253;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMERIC_LABEL = Pattern.compile("\\d+|0x[0-9a-f]*");
  private static final Pattern LENIENT_URL =
      Pattern.compile("(?i)https?://([^/?#]*).*", Pattern.DOTALL);
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]%]*)(%[^\\]]*)?].*");
  private static final String NUMBER = "(\\d{1,17}|0x[0-9a-f]{1,12})";
  private static final Pattern NUMBERS = Pattern.compile(NUMBER + "(\\." + NUMBER + "){0,3}");
  private static final int IPV4_BYTES = 4;
  private static final Set<String> INTERNAL_DOMAINS =
      Set.of("local", "localdomain", "internal", "intranet", "lan", "onion", "invalid");

  private final EgressPolicy policy;

  public EndpointValidator(EgressPolicy policy) {
    this.policy = policy;
  }

  /// Checks a URL that a user entered. A malformed URL is forbidden if another parser could read it
  /// as a forbidden host. Such a URL is never valid.
  public EndpointCheck check(String text) {
    EndpointCheck result = checkCanonical(text);
    Matcher url = LENIENT_URL.matcher(text);
    return result instanceof Malformed && url.matches()
        ? violation(lenientHost(url.group(1).toLowerCase(Locale.ROOT)))
            .<EndpointCheck>map(Forbidden::new)
            .orElse(result)
        : result;
  }

  private EndpointCheck checkCanonical(String text) {
    if (text.length() > MAX_LENGTH) {
      return new Malformed("the endpoint is longer than " + MAX_LENGTH + " characters");
    }
    if (text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f || c == '\\')) {
      return new Malformed(
          "the endpoint must be printable ASCII without spaces or backslashes; percent-encode the"
              + " path and write the host in punycode");
    }
    try {
      return check(new URI(text));
    } catch (URISyntaxException e) {
      return new Malformed("the endpoint is not a URL: " + e.getReason());
    }
  }

  private EndpointCheck check(URI uri) {
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      return new Malformed("the endpoint must begin with https:// or http://");
    }
    if (policy.evaluateScheme(uri.getScheme()) instanceof Denied(String rule)) {
      return new Forbidden(rule);
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
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    if (host == null || !(host + port).equals(uri.getRawAuthority())) {
      return new Malformed(
          "the endpoint needs a host in its canonical form, such as"
              + " https://hooks.example.com/path");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return new Malformed("the endpoint's port must be 1 to 65535");
    }
    return checkHost(uri, host.toLowerCase(Locale.ROOT));
  }

  private EndpointCheck checkHost(URI uri, String host) {
    if (host.startsWith("[")) {
      return checkAddress(uri, host.substring(1, host.length() - 1));
    }
    if (NUMERIC_LABEL.matcher(lastLabel(host)).matches()) {
      return checkAddress(uri, host);
    }
    if (!isName(host)) {
      return new Malformed(
          "the endpoint's host must consist of letters, digits and hyphens between dots, without a"
              + " dot at the end");
    }
    if (host.length() > MAX_HOST_LENGTH) {
      return new Malformed("the endpoint's host is longer than " + MAX_HOST_LENGTH + " characters");
    }
    return internalNameRule(host).<EndpointCheck>map(Forbidden::new).orElseGet(() -> valid(uri));
  }

  private EndpointCheck checkAddress(URI uri, String address) {
    try {
      return policy.evaluateLiteral(address) instanceof Denied(String rule)
          ? new Forbidden(rule)
          : valid(uri);
    } catch (IllegalArgumentException ignored) {
      return new Malformed(
          "the endpoint's host is numeric, but not an address in canonical form, such as"
              + " 203.0.113.7");
    }
  }

  private static EndpointCheck valid(URI uri) {
    return new Valid(Endpoint.ofStored(uri.toString()));
  }

  private static String lastLabel(String host) {
    return host.substring(host.lastIndexOf('.') + 1);
  }

  private static boolean isName(String host) {
    return !NUMERIC_LABEL.matcher(lastLabel(host)).matches()
        && Arrays.stream(host.split("\\.", -1)).allMatch(label -> LABEL.matcher(label).matches());
  }

  /// Returns the rule that an internal host name violates. If the operator has allowlisted
  /// networks, names in them are allowed.
  private Optional<String> internalNameRule(String host) {
    String last = lastLabel(host);
    if (last.equals("localhost")) {
      return policy.evaluate(LOOPBACK) instanceof Denied(String rule)
          ? Optional.of("name of this machine, " + rule)
          : Optional.empty();
    }
    if (policy.hasAllowlist()) {
      return Optional.empty();
    }
    if (last.equals(host)) {
      return Optional.of("name without a dot, which exists only in a private network");
    }
    return INTERNAL_DOMAINS.contains(last) || ("." + host).endsWith(".home.arpa")
        ? Optional.of("name reserved for private networks, ." + last)
        : Optional.empty();
  }

  /// Returns the host as another URL parser might read it: behind a user name, with an invalid
  /// port, or with a trailing dot. The result has no brackets, zone or trailing dot.
  private static String lenientHost(String authority) {
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    Matcher bracketed = BRACKETED.matcher(hostAndPort);
    if (bracketed.matches()) {
      return bracketed.group(1);
    }
    int port = hostAndPort.lastIndexOf(':');
    String host = port < 0 ? hostAndPort : hostAndPort.substring(0, port);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// Returns the rule that a host violates as an address or as a name. Some parsers read a number
  /// with a leading 0 as octal, others as decimal.
  private Optional<String> violation(String host) {
    Stream<String> addresses =
        Stream.concat(
            Stream.of(host),
            Stream.of(true, false).flatMap(octal -> inetAton(host, octal).stream()));
    return addresses
        .flatMap(address -> addressRule(address).stream())
        .findFirst()
        .or(() -> isName(host) ? internalNameRule(host) : Optional.empty());
  }

  /// Returns the rule that denies the address, or nothing if the host is not an address.
  private Optional<String> addressRule(String address) {
    try {
      return policy.evaluateLiteral(address) instanceof Denied(String rule)
          ? Optional.of(rule)
          : Optional.empty();
    } catch (IllegalArgumentException ignored) {
      return Optional.empty();
    }
  }

  /// Parses an IPv4 address as `inet_aton` does: up to four decimal, octal or hexadecimal numbers.
  /// Each number is a byte, and the last one fills the remaining bytes. The result is written as an
  /// IPv4-mapped IPv6 address.
  private static Optional<String> inetAton(String host, boolean octal) {
    if (!NUMBERS.matcher(host).matches()) {
      return Optional.empty();
    }
    String[] parts = host.split("\\.", -1);
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      int bits = i == parts.length - 1 ? Byte.SIZE * (IPV4_BYTES - i) : Byte.SIZE;
      long number = number(parts[i], octal);
      if (number >>> bits != 0) {
        return Optional.empty();
      }
      address = (address << bits) | number;
    }
    return Optional.of("::ffff:%x:%x".formatted(address >> Short.SIZE, address & 0xffff));
  }

  /// Returns the number, or -1 if it has a digit that is not octal.
  private static long number(String text, boolean octal) {
    try {
      return octal || text.startsWith("0x") ? Long.decode(text) : Long.parseLong(text);
    } catch (NumberFormatException ignored) {
      return -1;
    }
  }
}
