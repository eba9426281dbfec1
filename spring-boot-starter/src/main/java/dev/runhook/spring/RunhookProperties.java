package dev.runhook.spring;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.embedded.Runhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The properties `runhook.*`. Those that are not set have the defaults of
/// [DispatchConfig#defaults].
///
/// @param schema the PostgreSQL schema with the tables, such as `runhook_billing`
/// @param migrate whether the start creates and updates the tables; if not, an administrator runs
///   the SQL of `Runhook.migrations()`
/// @param account the account of the application's stacks, which is part of every payload
/// @param allowedNetworks private networks that webhooks may call, such as `10.1.0.0/16`
/// @param encryptionKey 32 random bytes in base64 or hex that encrypt secrets in the database;
///   unset: they are stored in plaintext
/// @param retention how long events, deliveries and attempts are stored
/// @param sendDeliveries whether this process sends; if not, another one must
/// @param timeout of one attempt, from connecting to the last byte
/// @param retrySchedule the delays after the 1st, 2nd … failed attempt
/// @param pauseAfter the number of consecutive failed attempts that pause a webhook
/// @param laggingAfter how long deliveries may be due before the event `queue_lagging` is sent
/// @param maxInFlight the maximum number of attempts at the same time
/// @param maxInFlightPerWebhook the maximum number of attempts for one webhook at the same time
@ConfigurationProperties("runhook")
public record RunhookProperties(
    @DefaultValue("runhook") String schema,
    @DefaultValue("true") boolean migrate,
    @DefaultValue("default") String account,
    @DefaultValue List<String> allowedNetworks,
    @Nullable String encryptionKey,
    @DefaultValue("30d") Duration retention,
    @DefaultValue("true") boolean sendDeliveries,
    @Nullable Duration timeout,
    @Nullable List<Duration> retrySchedule,
    @Nullable Integer pauseAfter,
    @Nullable Duration laggingAfter,
    @Nullable Integer maxInFlight,
    @Nullable Integer maxInFlightPerWebhook) {

  void applyTo(Runhook.Builder builder) {
    builder
        .schema(schema)
        .migrate(migrate)
        .account(account)
        .allowedNetworks(allowedNetworks.toArray(String[]::new))
        .retention(retention)
        .dispatchConfig(dispatchConfig());
    Optional.ofNullable(encryptionKey).ifPresent(builder::encryptionKey);
    Optional.ofNullable(laggingAfter).ifPresent(builder::laggingAfter);
    if (!sendDeliveries) {
      builder.recordOnly();
    }
  }

  private DispatchConfig dispatchConfig() {
    DispatchConfig defaults = DispatchConfig.defaults();
    List<Duration> delays = orElse(retrySchedule, defaults.retrySchedule().delays());
    return DispatchConfig.of(
            new RetrySchedule(delays),
            new PausePolicy(orElse(pauseAfter, defaults.pausePolicy().pauseAfter()), delays),
            orElse(timeout, defaults.timeout()))
        .withConcurrency(
            orElse(maxInFlight, defaults.maxInFlight()),
            orElse(maxInFlightPerWebhook, defaults.maxInFlightPerWebhook()));
  }

  private static <T> T orElse(@Nullable T value, T defaultValue) {
    return value == null ? defaultValue : value;
  }
}
