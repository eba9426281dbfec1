package dev.runhook.testkit;

import dev.runhook.application.Fingerprint;
import dev.runhook.application.spi.Requests;
import dev.runhook.testkit.Tables.RequestRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

final class InMemoryRequests implements Requests {
  private final InMemoryUnitOfWork unit;

  InMemoryRequests(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public Optional<Known> begin(Begun begun, Terms terms) {
    Instant now = unit.now();
    RequestRow row = rows().get(begun.id());
    if (row != null && !isOver(row, terms, now)) {
      return Optional.of(row.known());
    }
    Known fresh = new Known(begun, false, Optional.empty());
    rows().put(begun.id(), new RequestRow(fresh, now, now.plus(terms.held())));
    return Optional.empty();
  }

  private static boolean isOver(RequestRow row, Terms terms, Instant now) {
    boolean forgotten = !row.begunAt().plus(terms.remembered()).isAfter(now);
    boolean leftAlone =
        !row.known().effective() && row.known().reply().isEmpty() && !row.heldUntil().isAfter(now);
    return forgotten || leftAlone;
  }

  @Override
  public boolean mark(Fingerprint id, UUID attempt) {
    return change(id, attempt, known -> new Known(known.begun(), true, known.reply()));
  }

  @Override
  public void keepReply(Fingerprint id, UUID attempt, String reply) {
    change(id, attempt, known -> new Known(known.begun(), known.effective(), Optional.of(reply)));
  }

  @Override
  public void abandon(Fingerprint id, UUID attempt) {
    RequestRow row = rows().get(id);
    if (row != null && isOf(row, attempt) && !row.known().effective()) {
      rows().remove(id);
    }
  }

  @Override
  public int forget(Duration remembered) {
    int before = rows().size();
    Instant now = unit.now();
    rows().values().removeIf(row -> !row.begunAt().plus(remembered).isAfter(now));
    return before - rows().size();
  }

  private boolean change(Fingerprint id, UUID attempt, UnaryOperator<Known> change) {
    RequestRow row = rows().get(id);
    if (row == null || !isOf(row, attempt)) {
      return false;
    }
    rows().put(id, new RequestRow(change.apply(row.known()), row.begunAt(), row.heldUntil()));
    return true;
  }

  private static boolean isOf(RequestRow row, UUID attempt) {
    return row.known().begun().attempt().equals(attempt);
  }

  private Map<Fingerprint, RequestRow> rows() {
    return unit.tables().requests;
  }
}
