/// Who asks, and may they. Start at [Access].
@NullMarked
package dev.runhook.application.access;

import org.jspecify.annotations.NullMarked;
