/// The HTTP API and the web UI of an embedded Runhook. Start with [RunhookWeb].
@NullMarked
package dev.runhook.web;

import org.jspecify.annotations.NullMarked;
