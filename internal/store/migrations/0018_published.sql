-- published: the figures of a closed period that everybody may read, as they were shown. What is put right or withdrawn is a further version with its reason; nothing is
-- changed or removed. body is what is shown, '' for a version that withdraws; counts are what was counted, small counts too: they are shown to nobody and are needed so
-- that a longer period gives nothing away.
create table published (
	period text not null,
	version bigint not null,
	first_day bigint not null,
	last_day bigint not null,
	as_of bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	reason text not null,
	body text not null,
	counts text not null,
	primary key (period, version)
);

create index published_days on published (last_day, first_day, period, version);
