/// TODO describe
@NullMarked
package dev.runhook.systemtests.webui;

import org.jspecify.annotations.NullMarked;
