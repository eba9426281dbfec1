/// The running product while its environment fails: the database, the network, the clock or the
/// receivers. Each suite has a short form for every build and a long form (`-Drunhook.suite=long`);
/// see `FaultSuite`. Read [FaultFixture] first: a server whose database and network can be made to
/// fail.
@NullMarked
package dev.runhook.systemtests.fault;

import org.jspecify.annotations.NullMarked;
