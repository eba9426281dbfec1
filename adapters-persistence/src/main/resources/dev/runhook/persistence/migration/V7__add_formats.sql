-- How a webhook wants its events. Other formats than RUNHOOK are rendered from the payload of the event.
alter table webhook
  add column format text not null default 'RUNHOOK' check (
    format in ('RUNHOOK', 'CLOUDEVENTS', 'SLACK', 'MSTEAMS', 'TEMPLATE')),
  add column template text,
  -- why its latest attempt sent the payload of the event instead
  add column format_error text,
  add constraint webhook_template check ((template is not null) = (format = 'TEMPLATE'));
