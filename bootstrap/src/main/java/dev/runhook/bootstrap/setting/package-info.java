/// What an operator sets, read from the environment and `runhook.properties`. Start at [Settings].
@NullMarked
package dev.runhook.bootstrap.setting;

import org.jspecify.annotations.NullMarked;
