-- advice: what the program proposed when somebody decided on a category or a unit, and what was taken. It is kept with the decision, for the matter and
-- never for a person: of who decided only the role and the unit. proposed is JSON, the best first; rank says which of them was taken, from 1, 0 where it
-- was none. Only the newest of a matter and kind stands, so that what was corrected later is not counted as right.
create table advice (
	home bigint not null,
	matter_id bigint not null,
	seq bigint not null,
	kind text not null,
	model text not null,
	proposed text not null,
	first text not null,
	taken text not null,
	rank bigint not null,
	role text not null,
	unit_id bigint not null,
	day text not null,
	stands boolean not null,
	primary key (home, matter_id, kind, seq)
);

create index advice_taken on advice (kind, stands, day, taken, first, rank);

create index advice_pair on advice (kind, stands, first, taken, day, home, matter_id, rank);

-- precedent: how many matters of a category at a place (a town, or the county where no town is known) a unit accepted or answered in a month, gave back with
-- right, or saw decided to be another's. It follows from the events; sealed matters are not counted.
create table precedent (
	home bigint not null,
	category text not null,
	unit_id bigint not null,
	place bigint not null,
	month text not null,
	accepted bigint not null,
	returned bigint not null,
	moved bigint not null,
	primary key (home, category, unit_id, place, month)
);
