package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Rewriting;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.outbound.JsonPayloadRenderer;
import dev.runhook.outbound.JsonRewriting;
import dev.runhook.outbound.LocalAddresses;
import dev.runhook.outbound.TransportSettings;
import jakarta.inject.Singleton;
import java.time.InstantSource;

@Module
interface OutboundModule {
  @Provides
  @Singleton
  static EgressPolicy policy(Settings settings) {
    return new EgressPolicy(settings.allowedNetworks()).onMachineWith(new LocalAddresses());
  }

  @Provides
  @Singleton
  static HttpTransport transport(EgressPolicy policy, Settings settings, InstantSource clock) {
    Settings.Outward outward = settings.outward();
    return new HttpTransport(
        TransportSettings.of(policy).trusting(outward.authorities()).by(outward.proxy()), clock);
  }

  @Provides
  static Rewriting rewriting() {
    return new JsonRewriting();
  }

  @Provides
  static PayloadRenderer renderer() {
    return new JsonPayloadRenderer();
  }
}
