-- A webhook with its settings, secrets and health. Secrets and header values are encrypted if a key id is set.
create table webhook (
  id uuid primary key,
  stack_id uuid not null references stack,
  endpoint text not null,
  -- the canonical form, so that two spellings of one URL count as the same endpoint
  endpoint_normalized text not null,
  -- what a user chose, by the names of the API; a setting that has its default is missing
  settings jsonb not null,
  -- the timeout among the settings, from which leases are computed
  timeout_ms bigint check (timeout_ms between 100 and 300000),
  -- the time between the beginnings of two attempts; null if the rate is not limited
  send_interval_us bigint check (send_interval_us between 1000 and 60000000),
  -- why its latest attempt sent the payload of the event instead of its format
  format_error text,
  header_names text[] not null,
  header_values text[] not null,
  -- the id of the key that encrypted header_values; null if they are plaintext
  header_key_id text,
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
  -- for an active webhook: the end of the first consecutive failed attempt
  health_since timestamptz,
  -- the error of the last attempt, if it failed and the webhook is not disabled
  last_error text,
  -- the user who disabled the webhook; null if its receiver did
  disabled_by text,
  next_probe_at timestamptz,
  -- with a limited rate: when the next attempt may begin
  next_send_at timestamptz,
  -- when the health last changed because of a failed attempt
  last_failure_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- a deleted webhook has no secrets; it stays until retention has removed its deliveries
  deleted_at timestamptz,
  -- when queue_lagging was sent, until the webhook has caught up
  lag_reported_at timestamptz,
  -- The account webhook that this webhook is a copy of. There is no foreign key: they change in separate transactions.
  account_webhook_id uuid,
  account_webhook_version integer,
  -- whether the selector of the account webhook matches the stack; a copy that no longer matches gets no new events, and
  -- delivers what waits
  selected boolean not null default true,
  constraint webhook_copy_complete check ((account_webhook_id is null) = (account_webhook_version is null)),
  constraint webhook_selected check (selected or account_webhook_id is not null),
  constraint webhook_deleted_is_disabled check (deleted_at is null or health = 'DISABLED'),
  constraint webhook_headers_paired check (cardinality(header_names) = cardinality(header_values)),
  constraint webhook_previous_secret_complete check (
    (previous_secret is null) = (previous_secret_expires_at is null)),
  constraint webhook_health_since check (
    (health = 'ACTIVE' and consecutive_failures = 0) = (health_since is null)),
  constraint webhook_last_error check (
    (health = 'PAUSED' or (health = 'ACTIVE' and consecutive_failures > 0)) = (last_error is not null)),
  constraint webhook_disabled_by check (disabled_by is null or health = 'DISABLED'),
  constraint webhook_proven check (not proven or (health = 'ACTIVE' and consecutive_failures = 0)),
  constraint webhook_next_probe check ((health = 'PAUSED') = (next_probe_at is not null))
) with (fillfactor = 70);

-- Copies may have the endpoint of another webhook of the stack.
create unique index webhook_endpoint_key on webhook (stack_id, endpoint_normalized)
  where deleted_at is null and account_webhook_id is null;
create unique index webhook_copy_key on webhook (stack_id, account_webhook_id)
  where deleted_at is null and account_webhook_id is not null;
create index webhook_by_stack on webhook (stack_id, id);

-- The webhooks that operational events of a stack may go to.
create index webhook_operational on webhook (stack_id) where settings -> 'events' is not null;
create index webhook_probe on webhook (next_probe_at) where next_probe_at is not null;
create index webhook_next_send on webhook (next_send_at) where next_send_at is not null;
create index webhook_lagging on webhook (id) where lag_reported_at is not null;

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

-- When a webhook was paused or disabled, written when that has ended. It says why deliveries waited.
create table webhook_interruption (
  webhook_id uuid not null references webhook on delete cascade,
  cause text not null check (cause in ('PAUSED', 'DISABLED')),
  began_at timestamptz not null,
  ended_at timestamptz not null default now(),
  primary key (webhook_id, ended_at)
);

create index webhook_interruption_ended on webhook_interruption (ended_at);

-- The webhooks of accounts. Each has a copy in the table webhook for every stack that its selector matches. With
-- several buckets, each bucket has all rows, so that a new stack gets its copies in one transaction.
create table account_webhook (
  -- what a user chooses for a webhook, and its secrets
  like webhook including defaults including constraints,
  primary key (id)
);

alter table account_webhook
  drop column stack_id,
  drop column lag_reported_at,
  drop column account_webhook_id,
  drop column account_webhook_version,
  drop column selected,
  -- a deleted account webhook stays for a while, without its secrets, so that it is not copied again
  alter column secret drop not null,
  add column account text collate "C" not null,
  -- a condition on the labels of stacks; null for all
  add column selector_labels text,
  -- patterns of ids of stacks; empty for all
  add column selector_ids text[] not null,
  add column version integer not null check (version > 0),
  -- the version in which a user last enabled it
  add column enabled_version integer not null,
  -- the version that all copies have
  add column copied_version integer not null,
  add constraint account_webhook_secret check (secret is not null or deleted_at is not null);

create index account_webhook_by_account on account_webhook (account, id);
create index account_webhook_uncopied on account_webhook (id) where copied_version < version;
