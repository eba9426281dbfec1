/// The settings of webhooks, each defined once. Read [WebhookSetting] first.
@NullMarked
package dev.runhook.domain.setting;

import org.jspecify.annotations.NullMarked;
