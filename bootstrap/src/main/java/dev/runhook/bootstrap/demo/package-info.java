/// The scenario of `./runhook demo`. It uses the server only through the HTTP API, like any other
/// client. Start with [DemoScenario].
@NullMarked
package dev.runhook.bootstrap.demo;

import org.jspecify.annotations.NullMarked;
