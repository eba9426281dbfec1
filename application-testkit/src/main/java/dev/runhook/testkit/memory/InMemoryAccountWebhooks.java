package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.CopyCount;
import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.AccountWebhook;
import dev.runhook.domain.webhook.AccountWebhookId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
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
  public List<AccountWebhook> lockAndList(AccountId account) {
    return list(account); // units of work run one at a time
  }

  @Override
  public List<AccountWebhook> list(AccountId account) {
    return oldestFirst().filter(webhook -> webhook.account().equals(account)).toList();
  }

  @Override
  public List<AccountWebhook> findUncopied(int limit) {
    return oldestFirst().filter(webhook -> !webhook.isCopied()).limit(limit).toList();
  }

  private Stream<AccountWebhook> oldestFirst() {
    return unit.database().accountWebhooks.values().stream()
        .sorted(comparing(webhook -> webhook.id().value()));
  }

  @Override
  public void put(AccountWebhook webhook) {
    unit.database()
        .accountWebhooks
        .merge(
            webhook.id(),
            withoutSecretsIfDeleted(webhook),
            (old, next) -> old.versions().current() > next.versions().current() ? old : next);
  }

  private static AccountWebhook withoutSecretsIfDeleted(AccountWebhook webhook) {
    return webhook.deleted()
        ? new AccountWebhook(
            webhook.id(),
            webhook.account(),
            webhook.selector(),
            InMemoryWebhooks.withoutHeaders(webhook.settings()),
            SigningKeys.of(SigningSecret.undecryptable("the webhook is deleted")),
            webhook.health(),
            webhook.versions(),
            true,
            webhook.createdAt(),
            webhook.updatedAt())
        : webhook;
  }

  @Override
  public void removeDeleted(Instant before) {
    unit.database()
        .accountWebhooks
        .values()
        .removeIf(webhook ->
            webhook.deleted() && webhook.isCopied() && webhook.updatedAt().isBefore(before));
  }

  @Override
  public Map<AccountWebhookId, CopyCount> countCopies(AccountId account) {
    Map<AccountWebhookId, CopyCount> counts = new HashMap<>();
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
