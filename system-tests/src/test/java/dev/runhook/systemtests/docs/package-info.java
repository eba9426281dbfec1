/// TODO describe
@NullMarked
package dev.runhook.systemtests.docs;

import org.jspecify.annotations.NullMarked;
