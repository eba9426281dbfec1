/// The commands of Runhook and its server, each run as a process from the packaged jar and observed
/// from outside: output, exit code, API and deliveries. Read [ServeIT] first.
@NullMarked
package dev.runhook.systemtests.process;

import org.jspecify.annotations.NullMarked;
