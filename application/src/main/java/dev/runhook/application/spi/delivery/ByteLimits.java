package dev.runhook.application.spi.delivery;

import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.HashMap;
import java.util.Map;

/// How many bytes of payloads and custom headers one call may lease and load
/// ([LeasedDelivery#bytes]). A delivery fits while no limit is reached. The last one may exceed a
/// limit, so none is too large to be sent.
///
/// @param total of all deliveries
/// @param ofFailing of deliveries of failing webhooks, including probes of paused ones
/// @param perWebhook of deliveries of one webhook, including those that the dispatcher holds
///   already
/// @param heldByWebhook how many bytes the dispatcher holds, by webhook; a missing webhook means
///   none
public record ByteLimits(
    long total, long ofFailing, long perWebhook, Map<WebhookId, Long> heldByWebhook) {
  private static final ByteLimits NONE =
      new ByteLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Map.of());

  public ByteLimits {
    heldByWebhook = Map.copyOf(heldByWebhook);
  }

  /// Returns limits that are never reached.
  public static ByteLimits none() {
    return NONE;
  }

  /// Starts to count the deliveries of one call.
  public Count startCount() {
    return new Count(this);
  }

  /// Counts the bytes of deliveries, in the order in which they are to be leased. Not thread-safe.
  public static final class Count {
    private final ByteLimits limits;
    private final Map<WebhookId, Long> byWebhook;
    private long total;
    private long ofFailing;

    private Count(ByteLimits limits) {
      this.limits = limits;
      this.byWebhook = new HashMap<>(limits.heldByWebhook);
    }

    /// Counts the delivery if it fits.
    ///
    /// @return whether it fits
    public boolean add(Webhook webhook, long bytes) {
      boolean isFailing = webhook.health().isFailing();
      long ofWebhook = byWebhook.getOrDefault(webhook.id(), 0L);
      if (isFull()
          || ofWebhook >= limits.perWebhook
          || (isFailing && ofFailing >= limits.ofFailing)) {
        return false;
      }
      total += bytes;
      ofFailing += isFailing ? bytes : 0;
      byWebhook.put(webhook.id(), ofWebhook + bytes);
      return true;
    }

    /// Returns whether no further delivery fits.
    public boolean isFull() {
      return total >= limits.total;
    }
  }
}
