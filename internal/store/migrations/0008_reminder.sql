-- remind_day: the next day on which something may have to be told of a clock, '' where nothing will be. The sweep of each minute goes by its index,
-- so that it touches only what is due. What has been told lies with the notices, whose cause names clock, end and step.
alter table clock add column remind_day text not null default '';

-- What runs already is looked at once.
update clock set remind_day = from_day where stopped_day = '';

create index clock_remind on clock (remind_day, home, matter_id) where remind_day <> '';

-- Duties that run and of which nothing will be told: only where nothing is to be told of their rule.
create index clock_untold on clock (legal_day, home, matter_id) where stopped_day = '' and remind_day = '' and not is_right;
