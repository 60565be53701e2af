-- The tokens of what a matter says, made by the program and separated by blanks, behind those that say in which windows its number lies. What was written last waits in
-- front of the index and is put into it beside the desk.
create table matter_word (
	home bigint not null,
	matter_id bigint not null,
	body text collate "C" not null,
	primary key (home, matter_id)
);

create index matter_word_words on matter_word using gin (array_to_tsvector(string_to_array(body, ' '))) with (fastupdate = on, gin_pending_list_limit = 1024);

-- The keys of what a first submission says: packed beside its matter, and each with the newest matters that have it in order.
create table sketch (
	home bigint not null,
	matter_id bigint not null,
	keys bytea not null,
	primary key (home, matter_id)
);

create table sketch_key (
	home bigint not null,
	key bigint not null,
	matter_id bigint not null,
	primary key (home, key, matter_id)
);
