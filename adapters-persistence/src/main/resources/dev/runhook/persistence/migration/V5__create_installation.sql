-- The bucket that this schema has. Stacks are assigned to buckets by their number, so it never changes.
create table installation (
  only_row boolean primary key default true check (only_row),
  buckets integer not null check (buckets > 0),
  bucket integer not null check (bucket >= 0 and bucket < buckets)
);
