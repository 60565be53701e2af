-- job: work that is done beside the desk and takes its time: an export, a training. Who asked for it is a person with a duty, a machine's key, or nobody
-- (the office itself). args are JSON: codes, days, numbers and words that were looked for, never who somebody is. due_us is the instant from which a
-- runner may take it; while one has it, until when nobody else may. file is the id of the upload that came of it, '' for none. Work may be begun more
-- than once.
create table job (
	home bigint not null,
	job_id bigint not null,
	kind text not null,
	args text not null,
	user_id bigint not null,
	duty_id bigint not null,
	key_id text not null,
	state text not null,
	attempts bigint not null,
	made_us bigint not null,
	due_us bigint not null,
	ended_us bigint not null,
	done bigint not null,
	total bigint not null,
	error text not null,
	file text not null,
	primary key (home, job_id)
);

create index job_due on job (kind, due_us, home, job_id) where state in ('waiting', 'running');

create index job_owner on job (user_id, key_id, made_us, home, job_id);

create index job_ended on job (ended_us, home, job_id) where ended_us <> 0;
