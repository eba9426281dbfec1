package dev.runhook.persistence.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Transition;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads runs and transitions from rows.
public final class RunMapper {
  /// The columns that [#read] needs, of `run r` joined with `stack s`.
  static final String COLUMNS =
      """
      r.id, s.account, s.slug, r.name, r.type, r.branch, r.commit_hash, r.commit_message, r.commit_author_name,
      r.commit_author_login, r.commit_timestamp, r.commit_url, r.triggered_by, r.url, r.drift_detection, r.command,
      r.created_at, r.state, r.state_version, r.delta_added, r.delta_changed, r.delta_deleted, r.delta_resources
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunMapper() {}

  static Run read(ResultSet row) throws SQLException {
    return new Run(
        new RunId(RowIds.stackId(row), row.getString("name")),
        readDetails(row),
        SqlValues.instant(row, "created_at"),
        new RunProgress(RunState.valueOf(row.getString("state")), row.getLong("state_version")),
        readDelta(row));
  }

  private static RunDetails readDetails(ResultSet row) throws SQLException {
    return new RunDetails(
        RunType.valueOf(row.getString("type")),
        row.getString("branch"),
        readCommit(row),
        Optional.ofNullable(row.getString("triggered_by")),
        Optional.ofNullable(row.getString("url")),
        Optional.ofNullable((Boolean) row.getObject("drift_detection")),
        Optional.ofNullable(row.getString("command")));
  }

  private static Commit readCommit(ResultSet row) throws SQLException {
    return new Commit(
        row.getString("commit_hash"),
        row.getString("commit_message"),
        row.getString("commit_author_name"),
        Optional.ofNullable(row.getString("commit_author_login")),
        SqlValues.findInstant(row, "commit_timestamp"),
        Optional.ofNullable(row.getString("commit_url")));
  }

  static Transition readTransition(ResultSet row, RunId run) throws SQLException {
    return new Transition(
        run,
        RunState.valueOf(row.getString("state")),
        row.getLong("state_version"),
        SqlValues.instant(row, "occurred_at"),
        row.getBoolean("expected"),
        readDelta(row),
        Optional.ofNullable(row.getString("note")),
        findChanges(row));
  }

  private static Optional<Delta> readDelta(ResultSet row) throws SQLException {
    long added = row.getLong("delta_added");
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(
            new Delta(
                added,
                row.getLong("delta_changed"),
                row.getLong("delta_deleted"),
                row.getLong("delta_resources")));
  }

  /// Writes the column `changes` of an event: the resources that the run changes, as a JSON object.
  static String writeChanges(ResourceChanges changes) {
    ObjectNode json = JSON.createObjectNode().put("truncated", changes.truncated());
    ArrayNode items = json.putArray("items");
    changes
        .items()
        .forEach(item ->
            items
                .addObject()
                .put("address", item.address())
                .put("type", item.type())
                .put("action", item.action().name()));
    return json.toString();
  }

  /// Reads the column `changes` of an event; empty if it is null.
  public static Optional<ResourceChanges> findChanges(ResultSet row) throws SQLException {
    String json = row.getString("changes");
    return json == null ? Optional.empty() : Optional.of(readChanges(json));
  }

  private static ResourceChanges readChanges(String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      List<ResourceChange> items = new ArrayList<>();
      for (JsonNode item : tree.path("items")) {
        items.add(
            new ResourceChange(
                item.path("address").asText(),
                item.path("type").asText(),
                Action.valueOf(item.path("action").asText())));
      }
      return new ResourceChanges(items, tree.path("truncated").asBoolean());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the changes of an event", e);
    }
  }
}
