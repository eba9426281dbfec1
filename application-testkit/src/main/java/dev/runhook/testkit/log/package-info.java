/// A guard for tests of adapters that log: it fails a test during which a secret reaches a log. It
/// needs Logback, which is an optional dependency of the test kit. Read [SecretLogGuard] first.
@NullMarked
package dev.runhook.testkit.log;

import org.jspecify.annotations.NullMarked;
