package dev.runhook.domain.run;

import dev.runhook.domain.text.TextLimits;
import java.util.Locale;

/// What a run does to one resource. It has no attributes of the resource, which may be secret.
///
/// @param address such as `module.db.aws_db_instance.main[0]`, of at most [#MAX_ADDRESS] characters
/// @param type such as `aws_db_instance`
public record ResourceChange(String address, String type, Action action) {
  public static final int MAX_ADDRESS = 1024;

  /// What happens to a resource.
  public enum Action {
    CREATE,
    UPDATE,
    DELETE,

    /// The resource is deleted and created again, in either order.
    REPLACE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// Returns the name in the API.
    public String wireName() {
      return wireName;
    }

    /// Returns whether the resource is destroyed.
    public boolean destroys() {
      return this == DELETE || this == REPLACE;
    }
  }

  public ResourceChange {
    TextLimits.requireNonBlank("an address", address, MAX_ADDRESS);
    TextLimits.requirePrintable("an address", address);
    TextLimits.requireNonBlank("a resource type", type, TextLimits.MAX_NAME);
    TextLimits.requirePrintable("a resource type", type);
  }

  int characters() {
    return address.length() + type.length();
  }
}
