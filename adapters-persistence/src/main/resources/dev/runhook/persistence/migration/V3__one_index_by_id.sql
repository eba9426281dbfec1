-- Of the queue's indexes only the primary key can be asked by an id alone. PostgreSQL 18 may skip through an index whose last column it is (skip scan), and did so where the queue
-- was nearly empty and its indexes were large from before: then each delivery that was settled read all of that index. queue_due is partial and queue_newest larger than the key.
drop index queue_lane;
create index queue_lane on queue (webhook_id, run_id, state_version) include (id);
