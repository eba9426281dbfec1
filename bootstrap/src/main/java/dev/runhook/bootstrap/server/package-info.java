/// Runs the server: starts and stops its parts, polls the dispatcher, and runs periodic tasks. This
/// package gets all parts from [dev.runhook.bootstrap.wiring.ServerComponent]. Start with [Server].
@NullMarked
package dev.runhook.bootstrap.server;

import org.jspecify.annotations.NullMarked;
