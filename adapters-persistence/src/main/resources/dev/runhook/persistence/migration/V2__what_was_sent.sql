-- What a webhook sent from one edit to the next, and where to: the headers of an attempt can be told by it when the webhook's are others.
-- header_key is the id of the key by which header_values are encrypted, null where they are plain; here as in webhook.
alter table webhook
  add column revision integer not null default 1 check (revision > 0),
  add column header_key text;

create table webhook_revision (
  webhook_id uuid not null references webhook on delete cascade,
  revision integer not null check (revision > 0),
  endpoint text not null,
  header_names text[] not null,
  header_values text[] not null,
  header_key text,
  since timestamptz not null default now(),
  primary key (webhook_id, revision),
  check (cardinality(header_names) = cardinality(header_values))
);

insert into webhook_revision (webhook_id, revision, endpoint, header_names, header_values)
select id, revision, endpoint, header_names, header_values from webhook;

-- What of a request cannot be worked out later; null where nothing was sent, and in attempts from before these columns.
-- request_signatures has the bytes of X-Signature (20, if it was sent), X-Signature-256 (32) and each of webhook-signature (32).
alter table attempt
  add column request_revision integer check (request_revision > 0),
  add column request_agent text,
  add column request_signatures bytea,
  add constraint attempt_request_whole check (num_nulls(request_revision, request_agent, request_signatures) in (0, 3));
