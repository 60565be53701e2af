-- attachment_text: what is written inside an upload of a matter outside the sealed compartment. It lies encrypted under a key of its own, which stands on
-- the upload's card; an upload without a card waits until it has one.
create table attachment_text (
	home bigint not null,
	attachment_id text not null,
	matter_id bigint not null,
	state text not null,
	body bytea,
	primary key (home, attachment_id),
	foreign key (home, attachment_id) references attachment (home, attachment_id)
);

create index attachment_text_matter on attachment_text (home, matter_id, attachment_id);

create index attachment_text_waiting on attachment_text (home, attachment_id) where state = 'waiting';

insert into attachment_text (home, attachment_id, matter_id, state)
select a.home, a.attachment_id, a.matter_id, 'waiting' from attachment a join matter m on m.home = a.home and m.matter_id = a.matter_id
where not m.sealed and a.identity_card is not null;

-- unindexed: the matters whose words have changed since they were last indexed; n counts the changes, so that none is lost while one is being indexed.
create table unindexed (
	home bigint not null,
	matter_id bigint not null,
	n bigint not null,
	primary key (home, matter_id),
	foreign key (home, matter_id) references matter (home, matter_id)
);

-- Until now names stood in the index, and much else did not.
insert into unindexed (home, matter_id, n) select home, matter_id, 1 from matter where not sealed;
