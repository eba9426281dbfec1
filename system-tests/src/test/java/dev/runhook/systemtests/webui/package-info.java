/// The web UI in a real browser, on a real server. Read [WebhookLifecycleIT] first;
/// [SharedBrowserExtension] provides the server and the browser.
@NullMarked
package dev.runhook.systemtests.webui;

import org.jspecify.annotations.NullMarked;
