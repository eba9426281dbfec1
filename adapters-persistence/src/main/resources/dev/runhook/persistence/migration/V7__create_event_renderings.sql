-- How a webhook wants its events. Other formats than RUNHOOK are rendered from the payload of the event.
alter table webhook
  add column format text not null default 'RUNHOOK' check (
    format in ('RUNHOOK', 'CLOUDEVENTS', 'SLACK', 'MSTEAMS', 'TEMPLATE')),
  add column template text,
  -- whether it ever had another format than RUNHOOK, so that its deliveries may have renderings
  add column formatted boolean not null default false,
  add constraint webhook_template check ((template is not null) = (format = 'TEMPLATE'));

-- The payload of an event in another format, for the webhooks whose deliveries send it. It is written with the
-- first of these deliveries and never changes, except that erasing it replaces it with its hash.
create table event_rendering (
  event_id uuid not null,
  webhook_ids uuid[] not null,
  format text not null,
  payload bytea,
  -- set if the payload was erased
  payload_sha256 bytea,
  constraint event_rendering_payload_or_hash check ((payload is null) = (payload_sha256 is not null))
) partition by range (event_id);

create index event_rendering_by_event on event_rendering (event_id);
create table event_rendering_default partition of event_rendering default;

-- No query needs samples of these columns.
alter table event_rendering alter column payload set statistics 0, alter column payload_sha256 set statistics 0;
alter table event_rendering_default
  alter column payload set statistics 0, alter column payload_sha256 set statistics 0;
