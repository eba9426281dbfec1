/// TODO describe
@NullMarked
package dev.runhook.bootstrap.server;

import org.jspecify.annotations.NullMarked;
