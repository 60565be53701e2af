-- report: a periodic report as it was made, with its figures and what it says of them as JSON: codes and counts, never who somebody is. user_id is who asked for it, 0
-- where it was due. There is one of a period as of a day.
create table report (
	home bigint not null,
	report_id bigint not null,
	unit_id bigint not null,
	kind text not null,
	from_day text not null,
	to_day text not null,
	as_of text not null,
	made_us bigint not null,
	user_id bigint not null,
	body text not null,
	primary key (home, report_id)
);

create unique index report_period on report (home, unit_id, kind, from_day, to_day, as_of);

create index report_unit on report (home, unit_id, report_id);

-- report_note: what a person adds to a report. A note is never changed: the next one stands in its place.
create table report_note (
	home bigint not null,
	report_id bigint not null,
	n bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	unit_id bigint not null,
	text text not null,
	primary key (home, report_id, n),
	foreign key (home, report_id) references report (home, report_id)
);

-- report_schedule: that a unit's reports of a kind are made when they are due. done_to is the last day of the newest period that was taken up, so that each is once.
create table report_schedule (
	home bigint not null,
	unit_id bigint not null,
	kind text not null,
	user_id bigint not null,
	since_us bigint not null,
	done_to text not null,
	primary key (home, unit_id, kind)
);

create index report_schedule_due on report_schedule (kind, done_to, home, unit_id);
