-- What figures are made of (internal/stat, docs/figures.md). Days are numbers, 1 for 0001-01-01; months are 12 times the year and the month from 0; measures are the
-- numbers in internal/stat/measures.json.

-- stat_matter: the facts of each matter, written with every step of it. state: 0 counted, 1 not yet: folded has the facts that are counted, 2 the facts themselves have
-- still to be found from the events. entries is how many rows of stat_fact it has had.
create table stat_matter (
	home bigint not null,
	matter_id bigint not null,
	state bigint not null,
	recorded bigint not null,
	facts bytea not null,
	folded bytea,
	entries bigint not null,
	primary key (home, matter_id),
	foreign key (home, matter_id) references matter (home, matter_id)
);

create index stat_matter_state on stat_matter (state, home, matter_id) where state <> 0;

insert into stat_matter (home, matter_id, state, recorded, facts, entries) select home, matter_id, 2, 0, cast('' as bytea), 0 from matter;

-- stat_facet: by what figures are broken down besides units and days.
create table stat_facet (
	home bigint not null,
	facet_id bigint not null,
	place bigint not null,
	category text not null,
	channel text not null,
	purpose text not null,
	level text not null,
	sealed boolean not null,
	primary key (home, facet_id),
	unique (home, place, category, channel, purpose, level, sealed)
);

-- stat_fact: every fact that was counted, and every one taken back. Rows are added, never changed: behind a figure lie the rows that it is the sum of, as of any day
-- and as it was known on any day. recorded is the day on which it was.
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
	primary key (home, measure, basis, matter_id, entry)
);

-- Those that hold only from a day to come: a period of law that will be past.
create index stat_fact_ahead on stat_fact (home, day) where day > recorded;

-- stat_cell: the sums of all counted facts that hold on the day in stat_fold, by month of the basis and unit, unit 0 for all units of the home. counts holds the sum of
-- each measure.
create table stat_cell (
	home bigint not null,
	dim text not null,
	unit_id bigint not null,
	month bigint not null,
	code text not null,
	sealed boolean not null,
	counts bytea not null,
	primary key (home, dim, unit_id, month, code, sealed)
);

-- stat_unit: the units that have any fact.
create table stat_unit (
	home bigint not null,
	unit_id bigint not null,
	primary key (home, unit_id)
);

create index stat_unit_homes on stat_unit (unit_id, home);

-- stat_fold: the day as of which the cells of a home stand.
create table stat_fold (
	home bigint not null,
	day bigint not null,
	primary key (home)
);
