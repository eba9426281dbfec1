-- A webhook can get another format while its deliveries wait. What they send then is rendered again.
alter table event_rendering
  -- the only delivery that sends this rendering, instead of the one for its webhook
  add column delivery_id uuid,
  -- of the template that the rendering is the result of
  add column template_sha256 bytea;
