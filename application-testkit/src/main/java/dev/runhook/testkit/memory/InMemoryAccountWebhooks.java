package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.CopyCount;
import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class InMemoryAccountWebhooks implements AccountWebhooks {
  private final InMemoryUnitOfWork unit;

  InMemoryAccountWebhooks(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public List<Webhook> lockAndList(AccountId account) {
    return list(account); // units of work run one at a time
  }

  @Override
  public List<Webhook> list(AccountId account) {
    return oldestFirst().filter(webhook -> webhook.owner().account().equals(account)).toList();
  }

  @Override
  public List<Webhook> findUncopied(int limit) {
    return oldestFirst()
        .filter(webhook -> !webhook.selectorOwner().isCopied())
        .limit(limit)
        .toList();
  }

  private Stream<Webhook> oldestFirst() {
    return unit.database().accountWebhooks.values().stream()
        .sorted(comparing(webhook -> webhook.id().value()));
  }

  @Override
  public void put(Webhook webhook) {
    long version = webhook.selectorOwner().version();
    if (unit.database()
        .accountWebhooks
        .find(webhook.id())
        .filter(old -> old.selectorOwner().version() > version)
        .isEmpty()) {
      unit.database().accountWebhooks.put(webhook.id(), withoutSecretsIfDeleted(webhook));
    }
  }

  private static Webhook withoutSecretsIfDeleted(Webhook webhook) {
    return webhook.selectorOwner().deleted() ? InMemoryWebhooks.withoutSecrets(webhook) : webhook;
  }

  @Override
  public void removeDeleted(Instant before) {
    unit.database()
        .accountWebhooks
        .removeIf((ignored, webhook) ->
            webhook.selectorOwner().deleted()
                && webhook.selectorOwner().isCopied()
                && webhook.updatedAt().isBefore(before));
  }

  @Override
  public Map<WebhookId, CopyCount> countCopies(AccountId account) {
    Map<WebhookId, CopyCount> counts = new HashMap<>();
    for (Webhook webhook : unit.database().webhooks.values()) {
      if (webhook.stack().account().equals(account) && unit.database().isListed(webhook)) {
        webhook
            .source()
            .ifPresent(source -> counts.merge(source.id(), one(webhook), CopyCount::plus));
      }
    }
    return counts;
  }

  private static CopyCount one(Webhook webhook) {
    return switch (webhook.health()) {
      case Health.Active ignored -> new CopyCount(1, 0, 0);
      case Health.Paused ignored -> new CopyCount(0, 1, 0);
      case Health.Disabled ignored -> new CopyCount(0, 0, 1);
    };
  }
}
