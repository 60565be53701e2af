-- Both are read and written by their keys alone: one tree for each instead of two.
alter table stat_fact rename to stat_fact_before;

create table stat_fact (
	home bigint not null,
	measure bigint not null,
	basis bigint not null,
	matter_id bigint not null,
	entry bigint not null,
	day bigint not null,
	recorded bigint not null,
	unit_id bigint not null,
	to_id bigint not null,
	n bigint not null,
	days bigint not null,
	facet_id bigint not null,
	primary key (home, measure, unit_id, basis, matter_id, entry)
) without rowid;

insert into stat_fact (home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id)
	select home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id from stat_fact_before order by home, measure, unit_id, basis, matter_id, entry;

drop table stat_fact_before;

create index stat_fact_ahead on stat_fact (home, day) where day > recorded;

drop table stat_cell;

create table stat_cell (
	home bigint not null,
	dim text not null,
	unit_id bigint not null,
	month bigint not null,
	code text not null,
	sealed boolean not null,
	counts bytea not null,
	primary key (home, dim, unit_id, month, code, sealed)
) without rowid;
