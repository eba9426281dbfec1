@NullMarked
package dev.runhook.bench;

import org.jspecify.annotations.NullMarked;
