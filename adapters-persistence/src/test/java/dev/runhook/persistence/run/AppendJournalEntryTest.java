package dev.runhook.persistence.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppendJournalEntryTest {
  private static final int MIB = 1024 * 1024;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void prepare() {
    POSTGRES.transactor().run(StoreFixture::addStack);
  }

  @Test
  void large_payloads_are_inserted_by_several_statements() {
    List<RenderedEvent> events = events(10, MIB);

    long statements = append(events);

    assertThat(statements).isEqualTo(3);
    assertThat(stored(events)).isEqualTo(10);
  }

  @Test
  void usual_payloads_are_inserted_by_one_statement() {
    List<RenderedEvent> events = events(256, 1024);

    long statements = append(events);

    assertThat(statements).isOne();
    assertThat(stored(events)).isEqualTo(256);
  }

  @Test
  void an_empty_recording_inserts_nothing() {
    assertThat(append(List.of())).isZero();
  }

  private static List<RenderedEvent> events(int count, int payloadLength) {
    Payload payload = Payload.of(new byte[payloadLength]);
    PingTarget target = new PingTarget("id", "https://example.com");
    return Stream.generate(() -> new EventId(StoreFixture.newId()))
        .limit(count)
        .map(id -> new Ping(id, Samples.stack(), Samples.NOON, target))
        .map(ping -> new RenderedEvent(ping, payload))
        .toList();
  }

  /// Returns how many inserts it takes.
  private static long append(List<RenderedEvent> events) {
    List<String> statements = new ArrayList<>();
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.setSqlLogger(
          new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
              statements.add(context.getRenderedSql());
            }
          });
      handle.useTransaction(ignored -> {
        TransactionScope transaction = new TransactionScope(handle, () -> false);
        RunLocks locks = new RunLocks(transaction, new KnownRuns());
        new AppendJournalEntry(transaction, locks)
            .append(JournalEntries.ofEvents(events), StoreFixture.HOUR);
      });
    }
    return statements.stream().filter(sql -> sql.startsWith("insert")).count();
  }

  private static long stored(List<RenderedEvent> events) {
    return POSTGRES
        .transactor()
        .inTransaction(unit ->
            unit.events()
                .findWithPayload(events.stream().map(rendered -> rendered.event().id()).toList()))
        .size();
  }
}
