/// The domain of Runhook: accounts, runs, events, webhooks, deliveries and signatures. It is pure:
/// no I/O, no clock, no threads.
module dev.runhook.domain {
  requires static transitive org.jspecify;

  exports dev.runhook.domain.account;
  exports dev.runhook.domain.run;
  exports dev.runhook.domain.event;
  exports dev.runhook.domain.filter;
  exports dev.runhook.domain.setting;
  exports dev.runhook.domain.signing;
  exports dev.runhook.domain.webhook;
  exports dev.runhook.domain.egress;
  exports dev.runhook.domain.delivery;
  exports dev.runhook.domain.text;
  exports dev.runhook.domain.audit;
  exports dev.runhook.domain.assessment;
}
