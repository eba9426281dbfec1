/// Tests of the running product: real processes, a real database, real HTTP. [Home] starts them and
/// ends whatever is left of them.
@NullMarked
package dev.runhook.bootstrap.process;

import org.jspecify.annotations.NullMarked;
