package dev.runhook.bootstrap;

import dev.runhook.application.delivery.Retention;
import dev.runhook.http.HttpApi;
import dev.runhook.outbound.HttpTransport;
import java.util.concurrent.ExecutorService;

/// What a server starts and stops.
record Parts(
    HttpApi api,
    SwitchableReadiness readiness,
    DispatchLoop loop,
    Retention retention,
    HttpTransport transport,
    ExecutorService executor) {}
