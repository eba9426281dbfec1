package dev.runhook.persistence.run;

import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.LaneLocks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The runs that a transaction has locked, as they are for [AppendJournalEntry]. It keeps the heads
/// of their lanes, too, so that it can add to the lanes.
public final class RunLocks {
  private static final String BY_NAME =
      "select "
          + RunMapper.COLUMNS
          + """
          , r.stack_id, r.last_notified_versions, r.last_transition_at
          from (select distinct * from unnest(:accounts, :slugs, :names) as a (account, slug, name)) a
          join runhook.stack s on s.account = a.account and s.slug = a.slug
          join runhook.run r on r.stack_id = s.id and r.name = a.name
          """;

  /// The time tells apart histories of the same length, which a failover can leave.
  private static final String LOCK_UNCHANGED =
      """
      select r.id
      from unnest(:ids, :versions, :states, :changed) as k (id, state_version, state, changed_at)
      join runhook.run r on r.id = k.id
      join runhook.stack s on s.id = r.stack_id and s.slug is not null
      where r.state_version = k.state_version and r.state = k.state and r.last_transition_at = k.changed_at
      order by r.id for no key update of r skip locked
      """;

  private final TransactionScope transaction;
  private final KnownRuns known;
  private final LaneLocks lanes;
  private final Set<RunId> locked = new HashSet<>();
  private final Map<UUID, Map<UUID, Long>> notified = new HashMap<>();
  private final Map<RunId, StoredRun> saved = new HashMap<>();

  /// @param known gets the saved runs in [#afterCommit]
  public RunLocks(TransactionScope transaction, KnownRuns known) {
    this.transaction = transaction;
    this.known = known;
    this.lanes = new LaneLocks(transaction);
  }

  public void afterCommit() {
    known.put(saved.values());
  }

  LaneLocks lanes() {
    return lanes;
  }

  /// The last version of the run that the webhook was notified of.
  Optional<Long> findLastNotifiedVersion(LaneKey lane) {
    return Optional.ofNullable(
        notified.getOrDefault(lane.subject(), Map.of()).get(lane.webhook().value()));
  }

  /// Keeps a run that this transaction has saved.
  ///
  /// @param newlyNotified the versions of new deliveries by webhook
  void putSaved(Run run, Map<UUID, Long> newlyNotified, Instant changedAt) {
    RunId id = run.id();
    UUID row = transaction.rowIds().ofRun(id);
    Map<UUID, Long> versions = notified.computeIfAbsent(row, ignored -> new HashMap<>());
    versions.putAll(newlyNotified);
    // the instants of other runs, which it has just added, are more precise than those it reads
    if (locked.contains(id)) {
      UUID stack = transaction.rowIds().ofStack(id.stack());
      saved.put(id, new StoredRun(row, stack, run, versions, changedAt));
    }
  }

  /// Reads runs without locking them.
  List<StoredRun> read(Collection<RunId> ids) {
    return byName(ids, "");
  }

  /// Waits for the locks.
  Map<RunId, Run> lock(Collection<RunId> ids) {
    List<StoredRun> found = byName(ids, "order by r.id for no key update of r");
    lanes.keepHeads(rowIds(found));
    return locked(found);
  }

  /// Does not wait. What cannot be locked is either busy or unknown.
  LockedRuns tryLock(Collection<RunId> ids) {
    List<StoredRun> found = new ArrayList<>(tryLockKnown(ids));
    List<RunId> unread = without(ids, found);
    if (!unread.isEmpty()) {
      found.addAll(byName(unread, "order by r.id for no key update of r skip locked"));
    }
    Set<UUID> busyRuns = lanes.tryKeepHeads(rowIds(found));
    List<StoredRun> free = found.stream().filter(run -> !busyRuns.contains(run.id())).toList();
    List<RunId> missing = without(ids, free);
    Set<RunId> busy =
        missing.isEmpty()
            ? Set.of()
            : read(missing).stream().map(stored -> stored.run().id()).collect(Collectors.toSet());
    return new LockedRuns(locked(free), busy);
  }

  private static List<RunId> without(Collection<RunId> ids, List<StoredRun> found) {
    Set<RunId> present =
        found.stream().map(stored -> stored.run().id()).collect(Collectors.toSet());
    return ids.stream().filter(id -> !present.contains(id)).toList();
  }

  /// Locks those known runs that have not changed. This does not wait, so it does not matter that
  /// the other runs are locked after them.
  private List<StoredRun> tryLockKnown(Collection<RunId> ids) {
    List<StoredRun> candidates = known.find(ids);
    if (candidates.isEmpty()) {
      return List.of();
    }
    Set<UUID> unchanged =
        UnnestParameters.of(candidates)
            .uuids("ids", StoredRun::id)
            .longs("versions", stored -> stored.run().progress().version())
            .texts("states", stored -> stored.run().progress().state().name())
            .instants("changed", StoredRun::changedAt)
            .bindTo(transaction.query(LOCK_UNCHANGED))
            .mapTo(UUID.class)
            .set();
    return candidates.stream().filter(stored -> unchanged.contains(stored.id())).toList();
  }

  private Map<RunId, Run> locked(List<StoredRun> found) {
    for (StoredRun stored : found) {
      transaction.rowIds().put(stored.run().id().stack(), stored.stack());
      transaction.rowIds().put(stored.run().id(), stored.id());
      notified.put(stored.id(), new HashMap<>(stored.notified()));
      locked.add(stored.run().id());
    }
    return found.stream()
        .map(StoredRun::run)
        .collect(Collectors.toMap(Run::id, Function.identity()));
  }

  private static List<UUID> rowIds(List<StoredRun> found) {
    return found.stream().map(StoredRun::id).toList();
  }

  private List<StoredRun> byName(Collection<RunId> ids, String orderAndLock) {
    return UnnestParameters.of(ids)
        .texts("accounts", id -> id.stack().account().name())
        .texts("slugs", id -> id.stack().slug())
        .texts("names", RunId::name)
        .bindTo(transaction.query(BY_NAME + orderAndLock))
        .map((row, ignored) -> StoredRun.read(row))
        .list();
  }
}
