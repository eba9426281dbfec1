-- A webhook with its settings, secrets and health. Secrets and header values are encrypted if a key id is set.
create table webhook (
  id uuid primary key,
  stack_id uuid not null references stack,
  endpoint text not null,
  -- the canonical form, so that two spellings of one URL count as the same endpoint
  endpoint_normalized text not null,
  name text not null,
  states text[] not null,
  types text[] not null,
  drift_detection boolean,
  header_names text[] not null,
  header_values text[] not null,
  -- the id of the key that encrypted header_values; null if they are plaintext
  header_key_id text,
  timeout_ms bigint check (timeout_ms between 100 and 300000),
  retry_delays_ms bigint[] check (
    cardinality(retry_delays_ms) <= 500 and 0 <= all (retry_delays_ms) and 604800000 >= all (retry_delays_ms)),
  -- counts the changes to the endpoint and the headers
  revision integer not null default 1 check (revision > 0),
  secret text not null,
  previous_secret text,
  previous_secret_expires_at timestamptz,
  -- the id of the key that encrypted both secrets; null if they are plaintext
  secret_key_id text,
  health text not null check (health in ('ACTIVE', 'PAUSED', 'DISABLED')),
  consecutive_failures integer not null check (consecutive_failures >= 0),
  -- whether the last attempt was delivered
  proven boolean not null default false,
  health_since timestamptz,
  -- the error of the last attempt, if the webhook is paused
  last_error text,
  -- the user who disabled the webhook; null if its receiver did
  disabled_by text,
  next_probe_at timestamptz,
  -- when the health last changed because of a failed attempt
  last_failure_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- a deleted webhook has no secrets; it stays until retention has removed its deliveries
  deleted_at timestamptz,
  constraint webhook_deleted_is_disabled check (deleted_at is null or health = 'DISABLED'),
  constraint webhook_headers_paired check (cardinality(header_names) = cardinality(header_values)),
  constraint webhook_previous_secret_complete check (
    (previous_secret is null) = (previous_secret_expires_at is null)),
  constraint webhook_health_since check ((health = 'ACTIVE') = (health_since is null)),
  constraint webhook_last_error check ((health = 'PAUSED') = (last_error is not null)),
  constraint webhook_disabled_by check (disabled_by is null or health = 'DISABLED'),
  constraint webhook_proven check (not proven or (health = 'ACTIVE' and consecutive_failures = 0)),
  constraint webhook_next_probe check ((health = 'PAUSED') = (next_probe_at is not null))
) with (fillfactor = 70);

create unique index webhook_endpoint_key on webhook (stack_id, endpoint_normalized) where deleted_at is null;
create index webhook_by_stack on webhook (stack_id, id);

-- The endpoint and headers of a webhook between two edits. The request of an old attempt can be reconstructed from it.
create table webhook_revision (
  webhook_id uuid not null references webhook on delete cascade,
  revision integer not null check (revision > 0),
  endpoint text not null,
  header_names text[] not null,
  header_values text[] not null,
  -- as in webhook
  header_key_id text,
  created_at timestamptz not null default now(),
  primary key (webhook_id, revision),
  constraint webhook_revision_headers_paired check (cardinality(header_names) = cardinality(header_values))
);
