/// Runhook in Spring Boot: auto-configuration, properties, health and tests.
@NullMarked
package dev.runhook.spring;

import org.jspecify.annotations.NullMarked;
