-- All of it is in the schema that Flyway was given, so that a host's own tables are never in the way.

create table stack (
  id uuid primary key,
  account text collate "C" not null,
  slug text collate "C" not null,
  name text not null,
  description text not null,
  labels text[] not null,
  url text,
  repository text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (account, slug)
);

-- A third of each page is left free: the update of a run's progress then touches no index. told has the last version that each webhook was told, by its id.
create table run (
  id uuid primary key,
  stack_id uuid not null references stack,
  name text not null,
  type text not null,
  branch text not null,
  commit_hash text not null,
  commit_message text not null,
  commit_author_name text not null,
  commit_author_login text,
  commit_timestamp timestamptz,
  commit_url text,
  triggered_by text,
  url text,
  drift_detection boolean,
  command text,
  created_at timestamptz not null,
  state text not null,
  state_version bigint not null check (state_version > 0),
  delta_added bigint,
  delta_changed bigint,
  delta_deleted bigint,
  delta_resources bigint,
  recorded_at timestamptz not null default now(),
  moved_at timestamptz not null default now(),
  told jsonb not null default '{}',
  unique (stack_id, name),
  check (num_nulls(delta_added, delta_changed, delta_deleted, delta_resources) in (0, 4))
) with (fillfactor = 70);

create index run_latest on run (stack_id, id desc);

-- The run's key is a UUIDv7: parts by its time keep the versions of a run together, and so unique.
create table transition (
  run_id uuid not null,
  state_version bigint not null check (state_version > 0),
  state text not null,
  occurred_at timestamptz not null,
  usual boolean not null,
  delta_added bigint,
  delta_changed bigint,
  delta_deleted bigint,
  delta_resources bigint,
  note text,
  event_id uuid not null,
  recorded_at timestamptz not null default now(),
  primary key (run_id, state_version)
) partition by range (run_id);

create table transition_default partition of transition default;

-- The bytes that receivers get stand here once, in a row that is never updated, unless somebody has them forgotten: then their hash is left.
create table event (
  id uuid primary key,
  stack_id uuid not null,
  kind text not null check (kind in ('RUN_STATE_CHANGED', 'PING')),
  run_id uuid,
  run_name text,
  state text,
  state_version bigint,
  occurred_at timestamptz not null,
  payload bytea,
  payload_sha256 bytea,
  trace_parent text,
  trace_state text,
  check ((payload is null) = (payload_sha256 is not null)),
  check ((trace_parent is null) = (trace_state is null)),
  check (num_nulls(run_id, run_name, state, state_version) = case kind when 'PING' then 4 else 0 end)
) partition by range (id);

create table event_default partition of event default;

create table skip (
  event_id uuid not null,
  webhook_id uuid not null,
  reason text not null,
  why text not null,
  primary key (event_id, webhook_id)
) partition by range (event_id);

create table skip_default partition of skip default;

-- secret_key is the id of the key by which both secrets are encrypted, null where they are plain.
create table webhook (
  id uuid primary key,
  stack_id uuid not null references stack,
  endpoint text not null,
  endpoint_normal text not null,
  name text not null,
  states text[] not null,
  types text[] not null,
  drift_detection boolean,
  header_names text[] not null,
  header_values text[] not null,
  timeout_ms bigint check (timeout_ms between 100 and 30000),
  retry_waits_ms bigint[] check (cardinality(retry_waits_ms) <= 20 and 0 <= all (retry_waits_ms) and 86400000 >= all (retry_waits_ms)),
  secret text not null,
  retired_secret text,
  retired_until timestamptz,
  secret_key text,
  health text not null check (health in ('ACTIVE', 'PAUSED', 'DISABLED')),
  failures integer not null check (failures >= 0),
  health_since timestamptz,
  health_reason text,
  next_probe_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint webhook_endpoint_once unique (stack_id, endpoint_normal),
  check (cardinality(header_names) = cardinality(header_values)),
  check ((retired_secret is null) = (retired_until is null)),
  check ((health = 'ACTIVE') = (health_since is null)),
  check ((health = 'ACTIVE') = (health_reason is null)),
  check ((health = 'PAUSED') = (next_probe_at is not null))
) with (fillfactor = 70);

-- Open deliveries only: narrow, small and hot. due_at is null while another of the lane comes first. No index mentions leased_until, so that taking
-- and giving back touch none. There are no foreign keys on purpose: whoever takes joins the webhook, and what has none is never sent.
create table queue (
  id uuid primary key,
  webhook_id uuid not null,
  run_id uuid,
  event_id uuid not null,
  kind text not null,
  state text,
  state_version bigint,
  previous_version bigint,
  due_at timestamptz,
  leased_until timestamptz,
  attempts integer not null,
  failures integer not null,
  created_at timestamptz not null default now(),
  redelivery_of uuid,
  check (num_nulls(run_id, state, state_version) in (0, 3)),
  check (leased_until is null or due_at is not null),
  check (attempts >= 0 and failures >= 0)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 20000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0
);

create index queue_due on queue (webhook_id, due_at, id) where due_at is not null;
create index queue_lane on queue (webhook_id, run_id, state_version, id);
create index queue_newest on queue (webhook_id, coalesce(state, ''), id);

-- Only the head of a lane is ever due, and so there is never more than one.
create unique index queue_one_head on queue (webhook_id, run_id) where due_at is not null and run_id is not null;

create table delivery (
  id uuid primary key,
  webhook_id uuid not null,
  run_id uuid,
  event_id uuid not null,
  kind text not null,
  state text,
  state_version bigint,
  previous_version bigint,
  status text not null check (status in ('DELIVERED', 'FAILED')),
  attempts integer not null,
  finished_at timestamptz not null default now(),
  redelivery_of uuid
) partition by range (id);

-- One for each way to ask, so that no list walks over what it does not show.
create index delivery_newest on delivery (webhook_id, id);
create index delivery_newest_by_state on delivery (webhook_id, status, coalesce(state, ''), id);
create index delivery_newest_of_run on delivery (run_id, id) where run_id is not null;
create table delivery_default partition of delivery default;

-- response_body holds the UTF-8 of what came back, which may have NUL in it.
create table attempt (
  delivery_id uuid not null,
  number integer not null check (number > 0),
  started_at timestamptz not null,
  took_ns bigint not null,
  outcome text not null check (outcome in ('ANSWERED', 'UNANSWERED', 'REFUSED', 'FAULTED')),
  cause text,
  detail text,
  status_code integer,
  retry_after_ms bigint,
  response_header_names text[],
  response_header_values text[],
  response_body bytea,
  response_truncated boolean,
  wait text,
  primary key (delivery_id, number),
  check ((outcome = 'ANSWERED') = (status_code is not null)),
  check ((outcome = 'UNANSWERED') = (cause is not null))
) partition by range (delivery_id);

create table attempt_default partition of attempt default;

create view any_delivery as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 'PENDING' as status, attempts, due_at as next_attempt_at,
       null::timestamptz as finished_at, redelivery_of
from queue
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, status, attempts, null::timestamptz, finished_at, redelivery_of
from delivery;

-- Of a token's text only the SHA-256 is here. One that was revoked stays, so that what was done in its name can still be told.
-- stacks is null where it is for all of them.
create table token (
  id uuid primary key,
  account text collate "C" not null,
  hash bytea not null unique check (octet_length(hash) = 32),
  name text not null,
  role text not null check (role in ('READER', 'WRITER', 'ADMIN')),
  stacks text[] check (cardinality(stacks) > 0 and array_position(stacks, null) is null),
  created_at timestamptz not null,
  created_by text not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create index token_newest on token (account, id desc);

-- Of a session's key only the SHA-256 is here, and of its token's. What it opens is asked of the token each time.
create table session (
  id bytea primary key check (octet_length(id) = 32),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  started_at timestamptz not null,
  used_at timestamptz not null
);

-- Requests that came with an Idempotency-Key, of the last day. id is the SHA-256 of account, route and key; reply is encrypted with a key that the caller alone has.
create table request (
  id bytea primary key check (octet_length(id) = 32),
  attempt uuid not null,
  content bytea not null check (octet_length(content) = 32),
  token_id uuid not null,
  begun_at timestamptz not null,
  held_until timestamptz not null,
  effective boolean not null default false,
  reply text
) with (fillfactor = 70);

create index request_oldest on request (begun_at);

-- Who did what. No foreign keys: it outlives what it tells of. subject_id is that of a webhook, delivery or token, by the action.
create table audit (
  id uuid primary key,
  account text collate "C" not null,
  at timestamptz not null,
  actor text not null,
  token_id uuid,
  action text not null,
  stack text collate "C",
  subject_id uuid,
  detail text not null
) partition by range (id);

create index audit_newest on audit (account, id desc);
create table audit_default partition of audit default;
