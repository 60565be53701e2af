-- The ledger of facts in the order in which it is read: of a measure and a unit, by day. Nothing of it is lost. The sums are made anew from it: they know now for each day from when a fact
-- holds, and what stocks have come to since the beginning (month 0).
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
);

insert into stat_fact (home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id)
	select home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id from stat_fact_before order by home, measure, unit_id, basis, matter_id, entry;

drop table stat_fact_before;

create index stat_fact_ahead on stat_fact (home, day) where day > recorded;

delete from stat_cell;

update stat_fold set day = 0;
