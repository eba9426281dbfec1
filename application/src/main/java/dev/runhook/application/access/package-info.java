/// Authentication of tokens and web sessions, authorization, rate limits, and the administration of
/// tokens. Read [Access] first.
@NullMarked
package dev.runhook.application.access;

import org.jspecify.annotations.NullMarked;
