package dev.runhook.http.account;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import java.util.List;
import java.util.Optional;

/// The route for the settings of the server at `/settings`. Other accounts share the server but do
/// not operate it, so they see no settings.
public final class SettingRoutes {
  private final Optional<AccountId> operator;
  private final List<SettingJson> settings;

  /// @param operator the account whose admins see the settings; empty for none
  public SettingRoutes(Optional<AccountId> operator, List<SettingJson> settings) {
    this.operator = operator;
    this.settings = settings;
  }

  /// A setting in effect.
  ///
  /// @param value null if it is secret, or not set without a default
  /// @param defaultValue null if there is none
  /// @param set whether the operator has set it
  public record SettingJson(
      String name,
      Optional<String> value,
      @JsonProperty("default") Optional<String> defaultValue,
      boolean set,
      boolean secret,
      String source) {
    /// @param value empty if the setting is not set and has no default
    /// @param defaultValue empty if there is none
    /// @param source where the value comes from
    public static SettingJson of(
        String name,
        String value,
        String defaultValue,
        boolean set,
        boolean secret,
        String source) {
      return new SettingJson(
          name,
          Optional.of(value).filter(text -> !secret && !text.isEmpty()),
          Optional.of(defaultValue).filter(text -> !text.isEmpty()),
          set,
          secret,
          source);
    }
  }

  record SettingListJson(List<SettingJson> items, Optional<String> next) {}

  public void mount(Routes routes) {
    routes.account(GET, "/settings", Role.ADMIN, this::list);
  }

  private ApiResponse list(ApiRequest request) {
    List<SettingJson> visible = mayRead(request.grant()) ? settings : List.of();
    return ApiResponse.ok(new SettingListJson(visible, Optional.empty()));
  }

  private boolean mayRead(Grant grant) {
    return operator.filter(grant.account()::equals).isPresent()
        && grant.stackScope() instanceof StackScope.All;
  }
}
