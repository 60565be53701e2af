-- matter_unit.is_open: whether the matter is open, as the matter itself has it, so that what is open within a small scope is found without going through all that is open.
-- What a server of the version before still writes beside this one counts as open: lists look at the matter, too, and none is lost to them.
alter table matter_unit add column is_open boolean not null default true;

update matter_unit set is_open = false where not exists (select 1 from matter m where m.home = matter_unit.home and m.matter_id = matter_unit.matter_id and m.is_open = true);

create index matter_unit_open on matter_unit (unit_id, home, matter_id, is_open) where is_open;
