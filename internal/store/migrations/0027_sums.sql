-- The month of a unit that has little is one cell (dim 'bundle'), a year has sums of its own (month is its number, negative), and a township its days. What is summed is
-- made anew from the ledger, some days at a time, while figures are counted from it: as of the day making, of what is counted by days up to made.
delete from stat_cell;

update stat_fold set day = 0;

alter table stat_fold add column making bigint not null default 0;

alter table stat_fold add column made bigint not null default 0;
