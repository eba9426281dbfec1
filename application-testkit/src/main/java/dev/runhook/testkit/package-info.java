/// Tools for tests of Runhook and of applications that embed it: a scripted transport, a clock that
/// advances only on request, a predictable id generator, and sample values. In-memory stores are in
/// `memory`, the contracts of all ports in `contract`. The package depends on `domain` and
/// `application` only, and nothing that is shipped depends on it.
@NullMarked
package dev.runhook.testkit;

import org.jspecify.annotations.NullMarked;
