package dev.runhook.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/// Replaces Runhook's adapters with those of `runhook-application-testkit` in a test, which must
/// have it on its class path. Nothing is stored in a database or sent. The test can inject
/// `ScriptedTransport`, which records requests and scripts responses, `SettableClock`, and
/// `InMemoryTransactor`.
///
/// Everything else is as in production: the properties `runhook.*` and the
/// [dev.runhook.spring.RunhookCustomizer] beans apply, and what a Spring transaction records is
/// sent after its commit, and never after a rollback.
///
/// A delivery is sent on the calling thread when its transition is recorded, or after the commit.
/// After setting the clock, call `poll` on [dev.runhook.embedded.Runhook#dispatcher] to send
/// retries.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Import(InMemoryRunhookConfiguration.class)
public @interface InMemoryRunhook {}
