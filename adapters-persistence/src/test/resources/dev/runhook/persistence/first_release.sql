-- What the first release (V1) kept of a run whose second transition was not delivered yet. As little to be edited as a migration.
insert into runhook.stack (id, account, slug, name, description, labels, created_at, updated_at)
values ('019cec37-b600-7000-8000-000000000001', 'acme', 'demo', 'Demo', '', '{}', '2026-03-14 12:00Z', '2026-03-14 12:00Z');

-- The secret of the first is encrypted with the key of 32 bytes 0a; headers were always plain.
insert into runhook.webhook (id, stack_id, endpoint, endpoint_normal, name, states, types, drift_detection, header_names, header_values,
  timeout_ms, retry_waits_ms, secret, secret_key, health, failures, created_at, updated_at)
values
  ('019cec37-b600-7000-8000-00000000000a', '019cec37-b600-7000-8000-000000000001', 'https://hooks.example.com/receivers/1', 'https://hooks.example.com/receivers/1',
   'Deploys', '{}', '{}', null, '{X-Api-Key,X-Empty}', '{Bearer one,""}',
   5000, '{1000,60000}', 'AAECAwQFBgcICQoLzxGPV4Bs+0mLWWy2BDznzviEC2granEcKLZVt+YNC4cnPN4rWhTwubpQ', '2b7ff077f4f71c3d', 'ACTIVE', 1, '2026-03-14 12:00Z', '2026-03-14 12:00Z'),
  ('019cec37-b600-7000-8000-00000000000b', '019cec37-b600-7000-8000-000000000001', 'https://hooks.example.com/receivers/2', 'https://hooks.example.com/receivers/2',
   '', '{FINISHED}', '{TRACKED}', false, '{}', '{}',
   null, null, 'It''s a Secret to Everybody', null, 'ACTIVE', 0, '2026-03-14 12:00Z', '2026-03-14 12:00Z');

insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message, commit_author_name, commit_author_login, commit_timestamp, commit_url,
  created_at, state, state_version, delta_added, delta_changed, delta_deleted, delta_resources, recorded_at, moved_at, told)
values ('019cec37-b600-7000-8000-000000000002', '019cec37-b600-7000-8000-000000000001', 'run-1', 'TRACKED', 'main',
  '0ee3bbcd3cf2a1a4c7d1a3a2fcd32f8ac9b9ac9e', 'Update main.tf', 'Octo Cat', 'octocat', '2026-03-14 11:30Z', 'https://git.example.com/acme/net/commit/0ee3bbc',
  '2026-03-14 12:00Z', 'PLANNING', 2, 3, 1, 0, 12, '2026-03-14 12:00Z', '2026-03-14 12:00Z', '{"019cec37-b600-7000-8000-00000000000a":2}');

insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at, payload)
values
  ('019cec37-b600-7000-8000-0000000000e1', '019cec37-b600-7000-8000-000000000001', 'RUN_STATE_CHANGED', '019cec37-b600-7000-8000-000000000002', 'run-1', 'QUEUED', 1, '2026-03-14 12:00Z', '{"version":1}'),
  ('019cec37-b600-7000-8000-0000000000e2', '019cec37-b600-7000-8000-000000000001', 'RUN_STATE_CHANGED', '019cec37-b600-7000-8000-000000000002', 'run-1', 'PLANNING', 2, '2026-03-14 12:00Z', '{"version":2}');

insert into runhook.transition (run_id, state_version, state, occurred_at, usual, delta_added, delta_changed, delta_deleted, delta_resources, note, event_id, recorded_at)
values
  ('019cec37-b600-7000-8000-000000000002', 1, 'QUEUED', '2026-03-14 12:00Z', true, null, null, null, null, null, '019cec37-b600-7000-8000-0000000000e1', '2026-03-14 12:00Z'),
  ('019cec37-b600-7000-8000-000000000002', 2, 'PLANNING', '2026-03-14 12:00Z', false, 3, 1, 0, 12, 'by hand', '019cec37-b600-7000-8000-0000000000e2', '2026-03-14 12:00Z');

insert into runhook.skip (event_id, webhook_id, reason, why)
values ('019cec37-b600-7000-8000-0000000000e2', '019cec37-b600-7000-8000-00000000000b', 'STATE_NOT_WANTED', 'wants FINISHED only');

insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts, finished_at)
values ('019cec37-b600-7000-8000-0000000000d1', '019cec37-b600-7000-8000-00000000000a', '019cec37-b600-7000-8000-000000000002', '019cec37-b600-7000-8000-0000000000e1',
  'RUN_STATE_CHANGED', 'QUEUED', 1, 'DELIVERED', 1, '2026-03-14 12:00Z');

insert into runhook.queue (id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, due_at, attempts, failures, created_at)
values ('019cec37-b600-7000-8000-0000000000d2', '019cec37-b600-7000-8000-00000000000a', '019cec37-b600-7000-8000-000000000002', '019cec37-b600-7000-8000-0000000000e2',
  'RUN_STATE_CHANGED', 'PLANNING', 2, 1, '2026-03-14 12:01Z', 1, 1, '2026-03-14 12:00Z');

insert into runhook.attempt (delivery_id, number, started_at, took_ns, outcome, cause, detail, status_code, response_header_names, response_header_values,
  response_body, response_truncated, wait)
values
  ('019cec37-b600-7000-8000-0000000000d1', 1, '2026-03-14 12:00Z', 5000000, 'ANSWERED', null, null, 200, '{content-type}', '{text/plain}', 'thanks', false, null),
  ('019cec37-b600-7000-8000-0000000000d2', 1, '2026-03-14 12:00Z', 5000000, 'UNANSWERED', 'TIMEOUT', 'no answer in 5 s', null, null, null, null, null, 'the 1st wait');

insert into runhook.token (id, account, hash, name, role, stacks, created_at, created_by)
values ('019cec37-b600-7000-8000-000000000007', 'acme', '\xf519f52c6b2b8ee3ce7d7c14ce5f1e37f52701b2c970462e918c343dae503a3b', 'ci', 'WRITER', '{demo}', '2026-03-14 12:00Z', 'ops');
