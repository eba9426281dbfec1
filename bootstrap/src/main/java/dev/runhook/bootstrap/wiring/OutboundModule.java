package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.egress.LocalAddresses;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JacksonReserializer;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import jakarta.inject.Singleton;
import java.time.InstantSource;

@Module
interface OutboundModule {
  @Provides
  @Singleton
  static EgressPolicy policy(Settings settings) {
    return new EgressPolicy(settings.allowedNetworks()).denyingLocalAddresses(new LocalAddresses());
  }

  @Provides
  @Singleton
  static HttpTransport transport(EgressPolicy policy, Settings settings, InstantSource clock) {
    Settings.OutboundSettings outbound = settings.outbound();
    return new HttpTransport(
        TransportSettings.of(policy)
            .withExtraCaCertificates(outbound.extraCaCertificates())
            .withProxy(outbound.proxy()),
        clock);
  }

  @Provides
  static JsonReserializer reserializer() {
    return new JacksonReserializer();
  }

  @Provides
  static PayloadRenderer renderer() {
    return new JsonPayloadRenderer();
  }
}
