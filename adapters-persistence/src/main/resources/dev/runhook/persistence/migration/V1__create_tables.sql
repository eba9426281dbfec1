-- The tables of Runhook. Flyway sets the search path to the schema `runhook`, so a host's own tables never collide
-- with these.

-- A stack groups runs and webhooks. Its public id consists of account and slug.
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
  constraint stack_slug_key unique (account, slug)
);

-- A run with its current state. Recording a transition updates the row, and its lock orders the transitions of the run.
-- A third of each page stays free so that such an update touches no index (HOT update).
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
  last_transition_at timestamptz not null default now(),
  -- the last state version that was queued for each webhook, keyed by webhook id
  last_notified_versions jsonb not null default '{}',
  -- the row of delivery_batch with the deliveries of the last transition; it may be gone
  delivery_batch_id uuid,
  -- The name is first, so that only the index run_by_stack reads the runs of a stack. PostgreSQL could otherwise
  -- list them by reading all of them with this index and sorting them.
  constraint run_name_key unique (name, stack_id),
  constraint run_delta_complete check (num_nulls(delta_added, delta_changed, delta_deleted, delta_resources) in (0, 4))
) with (fillfactor = 70);

-- in the order of lists
create index run_by_stack on run (stack_id, created_at, id);

-- A transition of a run or a ping, with the payload that receivers get. The payload is stored once and never changes,
-- except that erasing it replaces it with its hash. The lock of a run keeps its versions unique.
create table event (
  id uuid primary key,
  stack_id uuid not null,
  kind text not null check (kind in ('RUN_STATE_CHANGED', 'PING', 'TEST')),
  run_id uuid,
  run_name text,
  state text,
  state_version bigint check (state_version > 0),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  -- whether the state graph allows this transition from the state before it
  expected boolean,
  delta_added bigint,
  delta_changed bigint,
  delta_deleted bigint,
  delta_resources bigint,
  note text,
  payload bytea,
  -- set if the payload was erased
  payload_sha256 bytea,
  trace_parent text,
  trace_state text,
  constraint event_payload_or_hash check ((payload is null) = (payload_sha256 is not null)),
  constraint event_trace_complete check ((trace_parent is null) = (trace_state is null)),
  constraint event_run_complete check (
    num_nulls(run_id, run_name, state, state_version, expected) =
      case kind when 'RUN_STATE_CHANGED' then 0 else 5 end)
) partition by range (id);

-- the history of a run
create index event_by_run on event (run_id, state_version) where run_id is not null;
create table event_default partition of event default;

-- Why a webhook did not get an event.
create table skipped_delivery (
  event_id uuid not null,
  webhook_id uuid not null,
  -- a code, and the values of its parameters in their order
  reason text not null,
  reason_values text[] not null,
  primary key (event_id, webhook_id)
) partition by range (event_id);

create table skipped_delivery_default partition of skipped_delivery default;

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

-- Deliveries that one transaction has recorded and handed to the dispatcher of its own process: one row for all of
-- them, which is deleted when the last one is finished. Each is the only open delivery of its lane, and its first attempt
-- is in flight. A delivery that must wait for anything moves to delivery_queue. To finish or move deliveries of a batch,
-- a transaction locks its row.
create table delivery_batch (
  id uuid primary key,
  leased_until timestamptz not null,
  created_at timestamptz not null default now(),
  -- one element for each delivery
  delivery_ids uuid[] not null,
  webhook_ids uuid[] not null,
  run_ids uuid[] not null,
  event_ids uuid[] not null,
  states text[] not null,
  state_versions bigint[] not null,
  previous_versions bigint[] not null,
  -- the positions of the deliveries that are finished or were moved
  closed integer[] not null default '{}'
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 5000,
  toast.autovacuum_vacuum_cost_delay = 0
);

-- Ids cannot be compressed, so PostgreSQL must not try.
alter table delivery_batch
  alter column delivery_ids set storage external,
  alter column webhook_ids set storage external,
  alter column run_ids set storage external,
  alter column event_ids set storage external;

-- Open deliveries that wait, for a retry, for their lane or for any process, or that were moved from a batch or claimed:
-- a narrow, small and hot table. No index contains leased_until, so leasing and releasing a delivery
-- touches no index. There are deliberately no foreign keys: a claim joins the webhook, and a delivery without a webhook
-- is never sent.
create table delivery_queue (
  id uuid primary key,
  webhook_id uuid not null,
  run_id uuid,
  event_id uuid not null,
  kind text not null,
  state text,
  state_version bigint,
  -- the version of the run that was sent to the webhook before this one
  previous_version bigint,
  -- null while an earlier delivery of the lane is open
  due_at timestamptz,
  leased_until timestamptz,
  attempts integer not null,
  failures integer not null,
  created_at timestamptz not null default now(),
  redelivery_of uuid,
  constraint delivery_queue_run_complete check (num_nulls(run_id, state, state_version) in (0, 3)),
  constraint delivery_queue_lease_only_if_due check (leased_until is null or due_at is not null),
  constraint delivery_queue_counts check (attempts >= 0 and failures >= 0)
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

create index delivery_queue_due on delivery_queue (webhook_id, due_at, id) where due_at is not null;

-- The id is only an included column. If it were a key column, PostgreSQL 18 could use this index for a lookup by id
-- alone (skip scan) and read all of it.
create index delivery_queue_lane on delivery_queue (webhook_id, run_id, state_version) include (id);
create index delivery_queue_by_webhook on delivery_queue (webhook_id, id);

-- A lane (one webhook, one run) has at most one delivery that is due: its head.
create unique index delivery_queue_lane_head_key on delivery_queue (webhook_id, run_id)
  where due_at is not null and run_id is not null;

-- Finished deliveries.
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
  redelivery_of uuid,
  -- the first attempt, as in the table attempt, if it was the only one
  started_at timestamptz,
  duration_ns bigint,
  outcome text check (outcome in ('RESPONDED', 'NO_RESPONSE', 'BLOCKED', 'INTERNAL_ERROR')),
  cause text,
  detail text,
  status_code integer,
  retry_after_ms bigint,
  response_header_names text[],
  response_header_values text[],
  response_body bytea,
  response_truncated boolean,
  request_revision integer check (request_revision > 0),
  request_user_agent text,
  request_signatures bytea,
  constraint delivery_only_attempt check (num_nulls(outcome, started_at, duration_ns) in (0, 3)),
  constraint delivery_status_code check ((outcome = 'RESPONDED') = (status_code is not null)),
  constraint delivery_cause check ((outcome = 'NO_RESPONSE') = (cause is not null)),
  constraint delivery_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (id);

create index delivery_by_webhook on delivery (webhook_id, status, id);

-- The pings of a webhook have its id in place of that of a run.
create index delivery_by_run on delivery (coalesce(run_id, webhook_id), id);
create table delivery_default partition of delivery default;

-- An attempt to send a delivery, with its result. The only attempt of a finished delivery is in the table delivery.
create table attempt (
  delivery_id uuid not null,
  number integer not null check (number > 0),
  started_at timestamptz not null,
  duration_ns bigint not null,
  outcome text not null check (outcome in ('RESPONDED', 'NO_RESPONSE', 'BLOCKED', 'INTERNAL_ERROR')),
  cause text,
  detail text,
  status_code integer,
  retry_after_ms bigint,
  response_header_names text[],
  response_header_values text[],
  -- UTF-8; not text, because it may contain NUL
  response_body bytea,
  response_truncated boolean,
  -- how the delay before the next attempt was computed
  retry_delay_reason text,
  -- the parts of the request that cannot be reconstructed later; all null if nothing was sent
  request_revision integer check (request_revision > 0),
  request_user_agent text,
  -- the bytes of X-Signature (20, if sent), of X-Signature-256 (32) and of each webhook-signature (32)
  request_signatures bytea,
  primary key (delivery_id, number),
  constraint attempt_status_code check ((outcome = 'RESPONDED') = (status_code is not null)),
  constraint attempt_cause check ((outcome = 'NO_RESPONSE') = (cause is not null)),
  constraint attempt_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (delivery_id);

create table attempt_default partition of attempt default;

-- A replay of the finished deliveries to a webhook in a time range.
create table replay (
  id uuid primary key,
  webhook_id uuid not null references webhook on delete cascade,
  range_from timestamptz not null,
  range_to timestamptz,
  status text not null check (status in ('DELIVERED', 'FAILED')),
  matched integer not null check (matched >= 0),
  created integer not null default 0 check (created >= 0),
  created_at timestamptz not null,
  -- null while deliveries are created, or if that was interrupted
  completed_at timestamptz
);

create index replay_by_webhook on replay (webhook_id, id);

-- The deliveries that a replay created. They are not marked in their own tables, which are hot. Their ids are greater
-- than that of the replay.
create table replay_delivery (
  replay_id uuid not null references replay on delete cascade,
  delivery_id uuid not null,
  primary key (replay_id, delivery_id)
);

-- The attempts of open and finished deliveries as one relation.
create view all_attempts as
select delivery_id, number, started_at, duration_ns, outcome, cause, detail, status_code, retry_after_ms,
  response_header_names, response_header_values, response_body, response_truncated, retry_delay_reason,
  request_revision, request_user_agent, request_signatures
from attempt
union all
select id, 1, started_at, duration_ns, outcome, cause, detail, status_code, retry_after_ms, response_header_names,
  response_header_values, response_body, response_truncated, null, request_revision, request_user_agent,
  request_signatures
from delivery where outcome is not null;

-- The open deliveries of the batches. Only transitions are recorded in batches.
create view batched_delivery as
select b.id as batch_id, d.position::integer as position, d.id, d.webhook_id, d.run_id, d.event_id,
  'RUN_STATE_CHANGED' as kind, d.state, d.state_version, d.previous_version, b.created_at, b.leased_until
from delivery_batch b
cross join lateral unnest(
  b.delivery_ids, b.webhook_ids, b.run_ids, b.event_ids, b.states, b.state_versions, b.previous_versions
) with ordinality as d (id, webhook_id, run_id, event_id, state, state_version, previous_version, position)
where d.position <> all (b.closed);

-- All open deliveries as one relation.
create view open_delivery as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, attempts, due_at, leased_until,
  created_at, redelivery_of
from delivery_queue
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 1, created_at, leased_until,
  created_at, null::uuid
from batched_delivery;

-- Open and finished deliveries as one relation.
create view all_deliveries as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 'PENDING' as status, attempts,
  due_at as next_attempt_at, null::timestamptz as finished_at, redelivery_of
from open_delivery
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, status, attempts,
  null::timestamptz, finished_at, redelivery_of
from delivery;

-- An API token. Only the SHA-256 of the secret is stored. A revoked token stays, so that the audit log can show its
-- name.
create table token (
  id uuid primary key,
  account text collate "C" not null,
  hash bytea not null unique check (octet_length(hash) = 32),
  name text not null,
  role text not null check (role in ('READER', 'WRITER', 'ADMIN')),
  -- the slugs of the stacks it may access; null for all
  stacks text[] check (cardinality(stacks) > 0 and array_position(stacks, null) is null),
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create index token_by_account on token (account, id desc);

-- A session of the web UI. Only the SHA-256 of its secret and of its token are stored. Each request checks what the
-- token permits.
create table session (
  id bytea primary key check (octet_length(id) = 32),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  account text collate "C" not null,
  token_id uuid not null,
  token_name text not null,
  started_at timestamptz not null,
  last_used_at timestamptz not null
);

-- A request with an Idempotency-Key, for a day. The id is the SHA-256 of account, route and key.
create table idempotency_key (
  id bytea primary key check (octet_length(id) = 32),
  attempt_id uuid not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  token_id uuid not null,
  started_at timestamptz not null,
  -- until then, only the attempt that holds the key may execute the request
  locked_until timestamptz not null,
  -- whether the attempt committed a transaction
  committed boolean not null default false,
  -- encrypted with a key that only the caller has
  response text
) with (fillfactor = 70);

create index idempotency_key_by_start on idempotency_key (started_at);

-- Who did what, and when. There are no foreign keys: an audit event outlives the objects it mentions.
create table audit_event (
  id uuid primary key,
  account text collate "C" not null,
  occurred_at timestamptz not null,
  actor text not null,
  token_id uuid,
  action text not null,
  stack text collate "C",
  -- the id of a webhook, delivery or token, depending on the action
  subject_id uuid,
  -- text values by key
  details jsonb not null
) partition by range (id);

create index audit_event_by_account on audit_event (account, id desc);
create table audit_event_default partition of audit_event default;

-- PostgreSQL stores samples of column values for its planner, and they can outlive the rows. It must not sample secrets
-- and payloads. No query filters by these columns. Later partitions copy the setting.
alter table webhook
  alter column secret set statistics 0,
  alter column previous_secret set statistics 0,
  alter column header_values set statistics 0;
alter table webhook_revision alter column header_values set statistics 0;
alter table event alter column payload set statistics 0;
alter table delivery
  alter column response_header_values set statistics 0,
  alter column response_body set statistics 0;
alter table attempt
  alter column response_header_values set statistics 0,
  alter column response_body set statistics 0;
