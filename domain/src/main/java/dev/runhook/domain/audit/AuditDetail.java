package dev.runhook.domain.audit;

import java.util.Arrays;
import java.util.Optional;

/// The keys of the details of audit events. Values are text for users and programs: never a secret,
/// a header value, or more of an endpoint than its host.
public enum AuditDetail {
  /// The host of the webhook's endpoint.
  HOST("host"),
  /// The host of the endpoint before an update, if it differs.
  PREVIOUS_HOST("previousHost"),
  /// The settings that an update changed, separated by commas.
  CHANGED("changed"),
  /// The old and the new value of each changed setting, in lines such as `states: FAILED →
  /// (default)`. Templates, headers and the paths of endpoints are left out. Values are cut if the
  /// lines are too long together.
  VALUES("values"),
  /// Whether a new webhook is enabled.
  ENABLED("enabled"),
  /// The state of the webhook before it was enabled or disabled.
  PREVIOUS_STATE("previousState"),
  /// How long the previous secret still signs, in ISO 8601.
  OVERLAP("overlap"),
  /// The delivery that was created.
  DELIVERY("delivery"),
  /// The webhook of the delivery.
  WEBHOOK("webhook"),
  RUN("run"),
  /// The state of the replayed events.
  STATE("state"),
  /// The start of the replayed range, inclusive.
  FROM("from"),
  /// The end of the replayed range, exclusive; absent for now.
  TO("to"),
  /// The status of the replayed deliveries, or `SKIPPED`.
  STATUS("status"),
  /// Why deliveries were canceled.
  REASON("reason"),
  /// How many events a replay matched, or how many deliveries a cancellation.
  MATCHED("matched"),
  /// The name of the webhook, if it has one, of the stack, of the token, or of the session's token.
  NAME("name"),
  PREVIOUS_NAME("previousName"),
  ROLE("role"),
  /// The stacks of the token or of the erasure, separated by commas; `*` for all.
  STACKS("stacks"),
  /// When the token expires.
  EXPIRES_AT("expiresAt"),
  /// Until when the sign-in link of the token can be used.
  SIGN_IN_LINK_EXPIRES_AT("signInLinkExpiresAt");

  private final String wireName;

  AuditDetail(String wireName) {
    this.wireName = wireName;
  }

  /// The key in the API and in the store.
  public String wireName() {
    return wireName;
  }

  public static Optional<AuditDetail> ofWireName(String name) {
    return Arrays.stream(values()).filter(key -> key.wireName.equals(name)).findFirst();
  }
}
