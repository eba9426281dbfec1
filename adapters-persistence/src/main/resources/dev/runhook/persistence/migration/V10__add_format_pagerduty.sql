-- Adds the format PAGERDUTY.
alter table webhook
  drop constraint webhook_format_check,
  add constraint webhook_format_check check (
    format in ('RUNHOOK', 'CLOUDEVENTS', 'SLACK', 'MSTEAMS', 'PAGERDUTY', 'TEMPLATE'));

alter table account_webhook
  drop constraint webhook_format_check,
  add constraint webhook_format_check check (
    format in ('RUNHOOK', 'CLOUDEVENTS', 'SLACK', 'MSTEAMS', 'PAGERDUTY', 'TEMPLATE'));
