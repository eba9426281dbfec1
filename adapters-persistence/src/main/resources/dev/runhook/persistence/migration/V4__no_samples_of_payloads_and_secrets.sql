-- For its planner PostgreSQL keeps samples of what is in a column until it takes others: payloads and secrets too, when they are long gone from the table. Nothing is ever looked for by these.
-- A column of which no samples are to be taken keeps those that it has. Where the type is set, though it is the same, they are dropped.
alter table webhook
  alter column secret type text,
  alter column retired_secret type text,
  alter column header_values type text[],
  alter column secret set statistics 0,
  alter column retired_secret set statistics 0,
  alter column header_values set statistics 0;
alter table webhook_revision
  alter column header_values type text[],
  alter column header_values set statistics 0;

-- Here it would mean to check each row again; but these have parts by day, which are forgotten with their samples. New parts take this over.
alter table event alter column payload set statistics 0;
alter table attempt
  alter column response_header_values set statistics 0,
  alter column response_body set statistics 0;

-- From PostgreSQL 18 on samples can be dropped by themselves.
do $$
begin
  if current_setting('server_version_num')::integer >= 180000 then
    perform pg_clear_attribute_stats(schemaname, tablename, attname, inherited)
    from pg_stats
    where schemaname = current_schema()
      and (tablename ~ '^event(_|$)' and attname = 'payload'
        or tablename ~ '^attempt(_|$)' and attname in ('response_header_values', 'response_body'));
  end if;
end
$$;
