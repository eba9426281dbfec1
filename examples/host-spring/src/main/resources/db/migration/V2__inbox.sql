-- JdbcInbox.ddl()
create table webhook_inbox_event (
  event_id varchar(255) primary key,
  received_at bigint not null
);
create index webhook_inbox_event_received_at on webhook_inbox_event using brin (received_at);
create table webhook_inbox_run (
  run varchar(400) primary key,
  version bigint not null,
  received bigint not null,
  held integer not null,
  updated_at bigint not null
) with (fillfactor = 70);
create table webhook_inbox_held (
  event_id varchar(255) primary key,
  run varchar(400) not null,
  version bigint not null,
  previous_version bigint not null,
  due_at bigint not null,
  body bytea not null
);
create index webhook_inbox_held_run on webhook_inbox_held (run, version);
create index webhook_inbox_held_due_at on webhook_inbox_held (due_at);

create table received_event (payload text not null);
