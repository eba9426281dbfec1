/// The use cases of Runhook behind driving ports, and the driven ports that adapters implement. It
/// depends only on the domain and the JDK.
module dev.runhook.application {
  requires transitive dev.runhook.domain;
  requires static transitive org.jspecify;

  exports dev.runhook.application.query;
  exports dev.runhook.application.refusal;
  exports dev.runhook.application.run;
  exports dev.runhook.application.webhook;
  exports dev.runhook.application.delivery;
  exports dev.runhook.application.access;
  exports dev.runhook.application.audit;
  exports dev.runhook.application.outbox;
  exports dev.runhook.application.idempotency;
  exports dev.runhook.application.stats;
  exports dev.runhook.application.dispatch;
  exports dev.runhook.application.retention;
  exports dev.runhook.application.spi;
  exports dev.runhook.application.spi.account;
  exports dev.runhook.application.spi.delivery;
}
