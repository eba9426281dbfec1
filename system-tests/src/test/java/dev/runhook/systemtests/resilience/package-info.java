/// Server processes that crash, shut down or pause under load, and several servers on one database.
/// Every suite checks the same guarantee: each acknowledged transition reaches each webhook, in
/// order and with the same bytes. Each has a short form for every build and a long form
/// (`-Drunhook.suite=long`). Read [CrashLoop] first.
@NullMarked
package dev.runhook.systemtests.resilience;

import org.jspecify.annotations.NullMarked;
