/// The contracts of the webhooks of stacks and accounts. Read [WebhooksContract] first.
@NullMarked
package dev.runhook.testkit.contract.webhook;

import org.jspecify.annotations.NullMarked;
