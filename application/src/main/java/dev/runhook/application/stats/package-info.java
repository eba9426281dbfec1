/// How all is going, at a glance: for people, and for pages that show it. Changes nothing. Start at
/// [Overview].
@NullMarked
package dev.runhook.application.stats;

import org.jspecify.annotations.NullMarked;
