/// Read-only statistics about stacks and webhooks, for the web UI. Read [Stats] first.
@NullMarked
package dev.runhook.application.stats;

import org.jspecify.annotations.NullMarked;
