create table if not exists deployment (id text primary key, state text not null);
