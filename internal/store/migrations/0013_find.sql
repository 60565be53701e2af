-- What a search is narrowed to and few matters have is walked in the order of their numbers, whatever else is asked: see docs/performance.md.
create index matter_place on matter (place, home, matter_id);

create index matter_category on matter (category, home, matter_id);

create index matter_received on matter (received_day, home, matter_id);

-- The search index is made anew in this step: beside the desk it is filled again from the events.
insert into unindexed (home, matter_id, n) select m.home, m.matter_id, 1 from matter m where not m.sealed on conflict (home, matter_id) do nothing;
