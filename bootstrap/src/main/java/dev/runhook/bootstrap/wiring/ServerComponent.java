package dev.runhook.bootstrap.wiring;

import dagger.BindsInstance;
import dagger.Component;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import jakarta.inject.Singleton;

/// All parts of a server, wired once.
@Singleton
@Component(
    modules = {
      PersistenceModule.class,
      OutboundModule.class,
      ApplicationModule.class,
      HttpModule.class,
      ObservabilityModule.class
    })
public interface ServerComponent {
  ServerParts parts();

  @Component.Factory
  interface Factory {
    ServerComponent create(
        @BindsInstance Settings settings,
        @BindsInstance Database database,
        @BindsInstance AdminToken adminToken);
  }
}
