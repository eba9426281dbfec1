/// Runhook in tests of Spring Boot applications, without database and network.
@NullMarked
package dev.runhook.spring.test;

import org.jspecify.annotations.NullMarked;
