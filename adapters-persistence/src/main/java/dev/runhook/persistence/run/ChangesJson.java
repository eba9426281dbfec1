package dev.runhook.persistence.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The column `changes` of an event: the resources that the run changes, as a JSON object.
public final class ChangesJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChangesJson() {}

  static String write(ResourceChanges changes) {
    ObjectNode json = MAPPER.createObjectNode().put("truncated", changes.truncated());
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

  /// Reads the column; empty if it is null.
  public static Optional<ResourceChanges> find(ResultSet row) throws SQLException {
    String json = row.getString("changes");
    return json == null ? Optional.empty() : Optional.of(read(json));
  }

  private static ResourceChanges read(String json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
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
