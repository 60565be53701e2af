-- person_word: under what a person is looked for, by its beginning: name, full pinyin, initials, sign-in name, all folded by the program.
create table person_word (
	word text not null,
	user_id bigint not null references person (user_id),
	primary key (word, user_id)
);

create index person_word_user on person_word (user_id, word);

-- org_event_unit: the units that a change of the organisation touched; who reads the record is decided on it. One without any is everybody's.
create table org_event_unit (
	event_id bigint not null references org_event (event_id),
	unit_id bigint not null,
	primary key (event_id, unit_id)
);

create index org_event_user on org_event (user_id, event_id);

-- What was there before has neither yet: words are spelled and records read by the program, which does so at its next start.
insert into setting (name, value) values ('organisation.fill', 'yes');
