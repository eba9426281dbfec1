package dev.runhook.persistence.schema;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.List;
import java.util.Optional;
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

  RuntimeException explainMigration(RuntimeException failure, SchemaVersions versions) {
    RuntimeException translated = SqlErrors.translate("migrating its schema", failure);
    if (translated instanceof StoreUnavailableException
        || failure instanceof UnusableDatabaseException) {
      return translated;
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
    List<Migration> pending = versions.pending();
    if (!pending.isEmpty() && message.isPresent()) {
      return refusal(
          "migration %d of the schema %s failed and was undone (%s); remove the cause and start again"
              .formatted(pending.getFirst().version(), schema.name(), message.get()),
          failure);
    }
    return failure;
  }

  /// Explains why a user cannot read or write the tables that another one has created.
  RuntimeException explainUse(RuntimeException failure) {
    return SqlErrors.hasState(failure, INSUFFICIENT_PRIVILEGE)
        ? refusal(
            ("the database user %1$s may not use the schema %2$s (%3$s); let an administrator run: grant usage on schema"
                    + " %2$s to %1$s; grant select, insert, update, delete on all tables in schema %2$s to %1$s")
                .formatted(user(), schema.name(), SqlErrors.findMessage(failure).orElseThrow()),
            failure)
        : SqlErrors.translate("checking its schema", failure);
  }

  private String user() {
    return jdbi.withHandle(
        handle -> handle.createQuery("select quote_ident(current_user)").mapTo(String.class).one());
  }

  private static UnusableDatabaseException refusal(String message, RuntimeException cause) {
    return new UnusableDatabaseException(message, cause);
  }
}
