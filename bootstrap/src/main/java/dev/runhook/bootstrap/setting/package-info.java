/// The settings of the server, read from the environment and `runhook.properties`, and the files
/// that the server owns in its data directory. This package depends on no other package of
/// bootstrap. Start with [Settings].
@NullMarked
package dev.runhook.bootstrap.setting;

import org.jspecify.annotations.NullMarked;
