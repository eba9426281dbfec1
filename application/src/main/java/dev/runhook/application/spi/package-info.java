/// The driven ports: what the application needs from adapters, such as transactions with their
/// stores, a transport and a renderer. Adapters implement these interfaces, and the test kit checks
/// the adapters. This package depends on the domain and on [dev.runhook.application.query]. Read
/// [Transactor] first.
@NullMarked
package dev.runhook.application.spi;

import org.jspecify.annotations.NullMarked;
