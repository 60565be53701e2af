-- What was not done and waits for an administrator is found without going through all that was.
create index job_failed on job (ended_us, home, job_id) where state = 'failed';
