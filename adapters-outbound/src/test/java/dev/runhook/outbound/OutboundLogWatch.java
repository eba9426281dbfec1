package dev.runhook.outbound;

import dev.runhook.logwatch.LogWatch;
import java.util.List;

/// Listens for what the tests of this module plant: values of headers, payloads, queries of
/// endpoints and passwords of proxies.
public final class OutboundLogWatch extends LogWatch {
  public OutboundLogWatch() {
    super(List.of(), List.of("canary", "hush", "{\"a\":1}", "Basic "));
  }
}
