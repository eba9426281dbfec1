package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.persistence.Postgres;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatementErrorsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void the_error_of_a_statement_has_its_text_and_not_its_arguments() {
    try (Handle handle = JdbiFactory.create(POSTGRES.pool(), BucketSchema.ONLY).open()) {
      assertThatThrownBy(() ->
              handle
                  .createUpdate("insert into nowhere values (:secret)")
                  .bind("secret", "canary")
                  .execute())
          .hasMessageContaining("nowhere")
          .message()
          .doesNotContain("canary");
    }
  }
}
