/// A client for programs that report to a Runhook server. Read [RunhookClient] first.
@NullMarked
package dev.runhook.client;

import org.jspecify.annotations.NullMarked;
