-- Open deliveries: a narrow, small and hot table. A row is deleted when its delivery is finished. One that succeeds at
-- once is inserted leased and never updated. There are deliberately no foreign keys: a claim joins the webhook, and a
-- delivery without a webhook is never sent.
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
  -- the length of the payload
  bytes integer not null default 0,
  -- in place of a run: the webhook that an operational event is about, or the id of a ping, which has no lane
  subject_id uuid,
  -- the order of the operational events in a lane, as a number
  lane_order uuid,
  -- null for the head of a lane
  lane_position uuid generated always as (case when due_at is null then coalesce(lane_order, id) end) stored,
  constraint delivery_queue_subject_complete check (
    num_nulls(run_id, state, state_version) = case when subject_id is null then 0 else 3 end),
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

-- What is in none of the indexes that claims search, live or dead, costs them nothing: a delivery that is sent at once.
create index delivery_queue_due on delivery_queue (webhook_id, due_at, id)
  where due_at is not null and leased_until is null;

-- By time, for all webhooks. A delivery that was never attempted was due when it was written.
create index delivery_queue_next on delivery_queue ((attempts > 0), due_at, webhook_id)
  where due_at is not null and leased_until is null;

-- Leases, by their end.
create index delivery_queue_leased on delivery_queue (leased_until, webhook_id) where leased_until is not null;

-- A head is not part of it: each index costs a delivery that succeeds at once 4 % of PostgreSQL's work.
create index delivery_queue_waiting on delivery_queue (webhook_id, id) where due_at is null;

-- Redeliveries, by their event. Other deliveries are not part of it.
create index delivery_queue_redelivered on delivery_queue (event_id, id) where redelivery_of is not null;

-- The lanes, which have one receiver and one run or other subject. The run is first, because a transaction that locks
-- runs looks for all of their heads. A lane has at most one delivery that is due: its head.
create unique index delivery_queue_lane_key on delivery_queue (
  run_id, webhook_id, subject_id, lane_position) nulls not distinct;

-- The heads of lanes, from the indexes of those that are leased and those that are not.
create view queue_head as
select * from delivery_queue where due_at is not null and leased_until is null
union all
select * from delivery_queue where leased_until is not null;

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
  status text not null check (status in ('DELIVERED', 'FAILED', 'CANCELED')),
  attempts integer not null,
  finished_at timestamptz not null default now(),
  redelivery_of uuid,
  -- the user who canceled it, and why; both null if a later transition replaced it
  canceled_by text,
  cancel_reason text,
  -- the first attempt, as in the table attempt, if it was the only one
  started_at timestamptz,
  duration_ns bigint,
  outcome text check (outcome in (
    'DELIVERED', 'REJECTED', 'TIMEOUT', 'CONNECTION_REFUSED', 'CONNECTION_RESET', 'DNS_FAILURE', 'TLS_FAILURE',
    'BLOCKED_ADDRESS', 'MALFORMED_RESPONSE', 'INTERNAL_ERROR')),
  detail text,
  status_code integer,
  retry_after_ms bigint,
  -- in lines, as in HTTP
  response_headers text,
  response_body bytea,
  response_truncated boolean,
  request_revision integer check (request_revision > 0),
  request_user_agent text,
  request_signatures bytea,
  request_format text,
  request_body bytea,
  constraint delivery_canceled check (
    (status = 'CANCELED' or canceled_by is null) and (canceled_by is null) = (cancel_reason is null)),
  constraint delivery_only_attempt check (num_nulls(outcome, started_at, duration_ns) in (0, 3)),
  constraint delivery_status_code check ((outcome in ('DELIVERED', 'REJECTED')) = (status_code is not null)),
  constraint delivery_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (id);

create index delivery_by_webhook on delivery (webhook_id, status, id);

-- The pings of a webhook have its id in place of that of a run.
create index delivery_by_run on delivery (coalesce(run_id, webhook_id), id);

create index delivery_redelivered on delivery (event_id, id) where redelivery_of is not null;
create table delivery_default partition of delivery default;

-- An attempt to send a delivery, with its result. The only attempt of a finished delivery is in the table delivery.
create table attempt (
  delivery_id uuid not null,
  number integer not null check (number > 0),
  started_at timestamptz not null,
  duration_ns bigint not null,
  outcome text not null check (outcome in (
    'DELIVERED', 'REJECTED', 'TIMEOUT', 'CONNECTION_REFUSED', 'CONNECTION_RESET', 'DNS_FAILURE', 'TLS_FAILURE',
    'BLOCKED_ADDRESS', 'MALFORMED_RESPONSE', 'INTERNAL_ERROR')),
  detail text,
  status_code integer,
  retry_after_ms bigint,
  -- in lines, as in HTTP
  response_headers text,
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
  -- the format and the body, if it is not the payload of the event; its hash if that payload was erased
  request_format text,
  request_body bytea,
  primary key (delivery_id, number),
  constraint attempt_status_code check ((outcome in ('DELIVERED', 'REJECTED')) = (status_code is not null)),
  constraint attempt_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (delivery_id);

create table attempt_default partition of attempt default;

-- A replay of the finished deliveries to a webhook in a time range, or of events that it was skipped for.
create table replay (
  id uuid primary key,
  webhook_id uuid not null references webhook on delete cascade,
  range_from timestamptz not null,
  range_to timestamptz,
  status text not null check (status in ('DELIVERED', 'FAILED', 'CANCELED', 'SKIPPED')),
  -- only of one run or state
  run_name text,
  state text,
  matched integer not null check (matched >= 0),
  created integer not null default 0 check (created >= 0),
  -- how many of the matched events had no payload
  erased integer not null default 0 check (erased >= 0),
  created_at timestamptz not null,
  -- null while deliveries are created, or if that was interrupted
  completed_at timestamptz,
  -- null unless it is one of several that one request for an account created
  account_replay_id uuid,
  canceled_at timestamptz
);

create index replay_by_webhook on replay (webhook_id, id);

create index replay_of_account on replay (account_replay_id) where account_replay_id is not null;

-- The deliveries that a replay created. They are not marked in their own tables, which are hot. Their ids are greater
-- than that of the replay.
create table replay_delivery (
  replay_id uuid not null references replay on delete cascade,
  delivery_id uuid not null,
  primary key (replay_id, delivery_id)
);

-- The attempts of open and finished deliveries as one relation.
create view all_attempts as
select delivery_id, number, started_at, duration_ns, outcome, detail, status_code, retry_after_ms,
  response_headers, response_body, response_truncated, retry_delay_reason, request_revision, request_user_agent,
  request_signatures, request_format, request_body
from attempt
union all
select id, 1, started_at, duration_ns, outcome, detail, status_code, retry_after_ms, response_headers,
  response_body, response_truncated, null, request_revision, request_user_agent, request_signatures,
  request_format, request_body
from delivery where outcome is not null;

-- Open and finished deliveries as one relation.
create view all_deliveries as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 'PENDING' as status, attempts,
  due_at as next_attempt_at, leased_until, null::timestamptz as finished_at, redelivery_of
from delivery_queue
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, status, attempts,
  null::timestamptz, null::timestamptz, finished_at, redelivery_of
from delivery;
