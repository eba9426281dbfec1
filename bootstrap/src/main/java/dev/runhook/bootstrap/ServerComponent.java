package dev.runhook.bootstrap;

import dagger.BindsInstance;
import dagger.Component;
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
      MetricModule.class
    })
interface ServerComponent {
  Parts parts();

  @Component.Factory
  interface Factory {
    ServerComponent create(
        @BindsInstance Settings settings,
        @BindsInstance Database database,
        @BindsInstance AdminToken adminToken);
  }
}
