/// The running product with its surroundings breaking: the database, the network, the clock, the
/// receivers. Each suite has a short form for every build and a long one (`-Drunhook.suite=long`);
/// [Suite] knows which. Read [Site] first: a server on a database that can be broken.
@NullMarked
package dev.runhook.bootstrap.fault;

import org.jspecify.annotations.NullMarked;
