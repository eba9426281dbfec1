package dev.runhook.persistence.schema;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.jdbi.v3.core.Jdbi;

/// Explains why a schema cannot be created or migrated, in one line. Failures that may end by
/// themselves, and those that have no explanation, stay as they are.
record SchemaErrors(BucketSchema schema, Jdbi jdbi) {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  RuntimeException explainCreation(RuntimeException failure) {
    return SqlErrors.hasState(failure, INSUFFICIENT_PRIVILEGE)
        ? refusal(
            "the database user %s may not create the schema %s; let an administrator run: %s"
                .formatted(
                    user(),
                    schema.name(),
                    "create schema %s authorization %s".formatted(schema.name(), user())),
            failure)
        : SqlErrors.translate("creating its schema", failure);
  }

  RuntimeException explainMigration(RuntimeException failure, Flyway flyway) {
    RuntimeException translated = SqlErrors.translate("migrating its schema", failure);
    if (translated instanceof StoreUnavailableException) {
      return translated;
    }
    if (failure instanceof FlywayValidateException) {
      return flyway.validateWithResult().invalidMigrations.stream()
          .findFirst()
          .<RuntimeException>map(invalid -> refusal(explain(invalid), failure))
          .orElse(failure);
    }
    Optional<String> message = SqlErrors.findMessage(failure);
    if (SqlErrors.hasState(failure, INSUFFICIENT_PRIVILEGE)) {
      return refusal(
          "the database user %s must own the schema %s and its tables (%s); let an administrator run: %s"
              .formatted(
                  user(),
                  schema.name(),
                  message.orElseThrow(),
                  "alter schema %s owner to %s".formatted(schema.name(), user())),
          failure);
    }
    if (failure instanceof FlywayException && message.isPresent()) {
      return refusal(
          "migration %s of the schema %s failed and was undone (%s); remove the cause and start again"
              .formatted(firstPending(flyway), schema.name(), message.get()),
          failure);
    }
    return failure;
  }

  private String explain(ValidateOutput invalid) {
    String problem =
        invalid.errorDetails.errorCode == CoreErrorCode.FAILED_VERSIONED_MIGRATION
            ? "failed before"
            : "differs from that of this Runhook";
    return "migration %s of the schema %s %s; restore a backup, or start the Runhook that migrated it"
        .formatted(invalid.version, schema.name(), problem);
  }

  private static String firstPending(Flyway flyway) {
    return Stream.of(flyway.info().pending())
        .findFirst()
        .map(pending -> pending.getVersion().toString())
        .orElse("");
  }

  private String user() {
    return jdbi.withHandle(
        handle -> handle.createQuery("select quote_ident(current_user)").mapTo(String.class).one());
  }

  private static UnusableDatabaseException refusal(String message, RuntimeException cause) {
    return new UnusableDatabaseException(message, cause);
  }
}
