package dev.runhook.persistence.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The settings that the processes of an installation should share, because each sends deliveries
/// of all. The home bucket has those of the process that started last. They contain no secrets.
///
/// @param encryptionKeyId null if secrets are stored in plaintext
record SharedSettings(String egressPolicy, @Nullable String encryptionKeyId) {
  /// Stores these settings. Returns those that were stored before; empty if there were none.
  Optional<SharedSettings> replace(Handle handle) {
    Optional<SharedSettings> before =
        handle
            .createQuery(
                """
                select egress_policy, encryption_key_id from runhook.installation
                where egress_policy is not null for update
                """)
            .map((row, ignored) ->
                new SharedSettings(
                    row.getString("egress_policy"), row.getString("encryption_key_id")))
            .findOne();
    if (!before.equals(Optional.of(this))) {
      handle
          .createUpdate(
              "update runhook.installation set egress_policy = :policy, encryption_key_id = :key")
          .bind("policy", egressPolicy)
          .bind("key", encryptionKeyId)
          .execute();
    }
    return before;
  }

  /// Returns the names of the settings that another process has differently.
  ///
  /// @param keyIds of the keys that this process can decrypt with; a key among them was replaced
  List<String> differences(SharedSettings other, Set<String> keyIds) {
    List<String> differences = new ArrayList<>();
    if (!egressPolicy.equals(other.egressPolicy)) {
      differences.add("egress policy");
    }
    if (!Objects.equals(encryptionKeyId, other.encryptionKeyId)
        && (other.encryptionKeyId == null || !keyIds.contains(other.encryptionKeyId))) {
      differences.add("encryption key");
    }
    return differences;
  }
}
