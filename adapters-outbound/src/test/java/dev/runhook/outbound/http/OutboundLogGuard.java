package dev.runhook.outbound.http;

import dev.runhook.testkit.log.SecretLogGuard;
import java.util.List;

/// Fails a test during which a secret of the tests in this module is logged: header values,
/// payloads, queries of endpoints and passwords of proxies.
public final class OutboundLogGuard extends SecretLogGuard {
  public OutboundLogGuard() {
    super(List.of(), List.of("canary", "hush", "{\"a\":1}", "Basic "));
  }
}
