package dev.runhook.bench.load;

import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Installation;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.secret.SecretCipher;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Creates a [Dataset] in an empty database or several. It creates the runs before the webhooks, so
/// that there are no deliveries yet.
public final class DatabaseSeeder {
  private static final int CALLERS = 16;

  private final Dataset dataset;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;

  private DatabaseSeeder(
      Dataset dataset, BucketRouter stores, IdGenerator ids, ExecutorService threads) {
    InstantSource clock = InstantSource.system();
    this.dataset = dataset;
    this.journal =
        new RunJournal(
            stores,
            new JournalDependencies(new JsonPayloadRenderer(), ids, clock),
            DispatchHandoff.none(),
            threads);
    this.webhooks =
        new WebhookAdmin(
            stores,
            WebhookConfig.of(Loopback.policy(), new JsonPayloadRenderer()),
            ids,
            clock,
            new SecureRandom());
  }

  /// Creates the tables and the dataset.
  ///
  /// @param databases the database of each bucket
  /// @param endpoint returns the URL of the webhook with the given number; the webhooks of stack s
  ///   begin at s times the fan-out
  public static void seed(
      Dataset dataset, List<? extends DataSource> databases, IntFunction<String> endpoint) {
    Buckets buckets = new Buckets(databases.size());
    List<BucketSchema> schemas = BucketSchema.all(buckets);
    new Installation(
            schemas.stream()
                .map(schema -> new Schema(databases.get(schema.number()), schema))
                .toList())
        .migrate();
    List<JdbiTransactor> stores = JdbiTransactor.ofBuckets(databases, SecretCipher.none());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      IdGenerator ids = buckets.ids(new UuidV7IdGenerator());
      DatabaseSeeder seeder = new DatabaseSeeder(dataset, buckets.router(stores), ids, threads);
      seeder.createStacks();
      seeder.createRuns(callers);
      seeder.createWebhooks(endpoint);
    }
  }

  /// Creates a token that can report for an account.
  public static String createToken(AccountId account, DataSource database) {
    Grant creator =
        new Grant(TokenId.CONFIGURED_ADMIN, account, Role.ADMIN, new StackScope.All(), "bench");
    return new TokenAdmin(
            JdbiTransactor.ofBuckets(List.of(database), SecretCipher.none()).getFirst(),
            new UuidV7IdGenerator(),
            new SecureRandom(),
            _ -> {})
        .create(new CreateTokenRequest("bench", Role.WRITER, new StackScope.All()), creator)
        .secret()
        .reveal();
  }

  private void createStacks() {
    for (int i = 0; i < dataset.stacks(); i++) {
      journal.register(Stack.named(dataset.stack(i), "Stack " + i));
    }
  }

  private void createRuns(ExecutorService callers) {
    List<CompletableFuture<Void>> starts =
        IntStream.range(0, dataset.runs())
            .mapToObj(i -> CompletableFuture.runAsync(() -> createRun(i), callers))
            .toList();
    starts.forEach(CompletableFuture::join);
  }

  private void createRun(int run) {
    journal.start(
        NewRun.of(dataset.runDetails(), TransitionReport.of(dataset.run(run), RunState.QUEUED)));
  }

  private void createWebhooks(IntFunction<String> endpoint) {
    for (int i = 0; i < dataset.stacks() * dataset.fanOut(); i++) {
      webhooks.create(
          dataset.stack(i / dataset.fanOut()),
          CreateWebhookRequest.of(endpoint.apply(i)).withSecret(Dataset.SECRET),
          new Actor("bench"));
    }
  }
}
