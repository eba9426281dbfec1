package dev.runhook.application.webhook;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.CopyCount;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Account webhooks on some buckets, of which the last one can be unavailable, with stacks in each.
class AccountWebhookFixture {
  final ApplicationFixture app = new ApplicationFixture();
  final List<Bucket> stores;
  final BucketRouter router;
  final RunJournal journal;
  final WebhookAdmin webhooks;
  final AccountWebhookAdmin admin;
  private final DeliveryAdmin deliveries;

  AccountWebhookFixture(int count) {
    Buckets buckets = new Buckets(count);
    stores = IntStream.range(0, count).mapToObj(ignored -> new Bucket(app)).toList();
    router = buckets.router(List.copyOf(stores));
    IdGenerator ids = buckets.ids(new SequentialIdGenerator(app.clock));
    WebhookConfig config =
        new WebhookConfig(
            new EgressPolicy(List.of()),
            3,
            10,
            DispatchConfig.DEFAULT_MAX_TIMEOUT,
            new PlainPayloadRenderer(),
            DispatchHandoff.none());
    journal =
        new RunJournal(
            router,
            new JournalDependencies(new PlainPayloadRenderer(), ids, app.clock),
            DispatchHandoff.none(),
            Runnable::run);
    webhooks = new WebhookAdmin(router, config, ids, app.clock, new Random(7), app.observer);
    admin = new AccountWebhookAdmin(router, config, ids, app.clock, new Random(7), app.observer);
    deliveries = new DeliveryAdmin(router, app.deliveryDependencies(), DispatchHandoff.none());
    register("net", "env:prod");
    register("db", "env:prod", "tier:sandbox");
    register("app", "env:test");
    IntStream.range(0, 8).forEach(i -> register("other-" + i));
  }

  Webhook create(StackSelector selector) {
    return admin.create(
        ACME, CreateWebhookRequest.of("https://hooks.example.com/all").withSelector(selector), ADA);
  }

  void setEnabled(Webhook webhook, boolean enabled) {
    admin.update(ACME, webhook.id(), UpdateWebhookRequest.empty().withEnabled(enabled), ADA);
  }

  void setSelector(Webhook webhook, StackSelector selector) {
    admin.update(ACME, webhook.id(), UpdateWebhookRequest.empty().withSelector(selector), ADA);
  }

  void startRun(String slug, String run) {
    journal.start(Samples.newRun(new RunId(stack(slug), run)));
  }

  /// Returns what the webhooks of a run's stack got of its only transition.
  List<String> explain(String slug, String run) {
    return deliveries
        .explain(new RunId(stack(slug), run), PageRequest.first())
        .transitions()
        .items()
        .getFirst()
        .webhooks()
        .stream()
        .flatMap(outcome -> outcome.explanation().stream())
        .map(Explanation::text)
        .toList();
  }

  Dispatcher dispatcher() {
    return app.dispatcher(router, CONFIG, Runnable::run);
  }

  List<SignedRequest> requestsTo(Webhook webhook) {
    return app.transport.requestsTo(webhook.settings().endpoint());
  }

  CopyCount copiesOf(Webhook webhook) {
    return admin.countCopies(ACME).getOrDefault(webhook.id(), CopyCount.none());
  }

  /// Reads the home bucket only.
  Webhook stored(Webhook webhook) {
    Bucket home = stores.getFirst();
    return home.delegate.inTransaction(unit -> unit.accountWebhooks().list(ACME)).stream()
        .filter(stored -> stored.id().equals(webhook.id()))
        .findFirst()
        .orElseThrow();
  }

  List<Webhook> stored() {
    return stores.stream()
        .flatMap(store -> store.inTransaction(unit -> unit.accountWebhooks().list(ACME)).stream())
        .toList();
  }

  Webhook only(String slug) {
    assertThat(webhooksOf(slug)).hasSize(1);
    return webhooksOf(slug).getFirst();
  }

  List<Webhook> webhooksOf(String slug) {
    return webhooks.list(stack(slug), PageRequest.first()).items();
  }

  void setHealth(Webhook webhook, Health health) {
    for (Bucket store : stores) {
      store.run(unit -> {
        if (unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).isPresent()) {
          unit.webhooks().saveHealth(List.of(Samples.withHealth(webhook, health)));
        }
      });
    }
  }

  /// Changes what each bucket can read of the keys, as a missing encryption key does.
  void setKeys(Webhook webhook, SigningKeys keys) {
    for (Bucket store : stores) {
      store.run(unit ->
          unit.accountWebhooks().list(ACME).stream()
              .filter(stored -> stored.id().equals(webhook.id()))
              .map(stored -> stored.withKeys(keys, stored.updatedAt()))
              .forEach(unit.accountWebhooks()::put));
    }
  }

  void register(String slug, String... labels) {
    journal.register(
        new Stack(stack(slug), slug, "", List.of(labels), Optional.empty(), Optional.empty()));
  }

  static StackId stack(String slug) {
    return new StackId(ACME, slug);
  }

  static StackSelector selector(String labels) {
    return new StackSelector(Optional.of(LabelExpression.parse(labels)), List.of());
  }

  static final class Bucket implements Transactor {
    private final InMemoryTransactor delegate;
    int failAfter = Integer.MAX_VALUE;

    Bucket(ApplicationFixture app) {
      delegate = new InMemoryTransactor(app.clock);
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      if (failAfter-- <= 0) {
        throw new StoreUnavailableException("the bucket is unavailable", new RuntimeException());
      }
      return delegate.<T>inTransaction(work);
    }
  }
}
