-- More is counted of every matter than was: its facts are found anew from its events, and what differs is added to the ledger.
update stat_matter set folded = case when state = 0 then facts else folded end, state = 2 where state <> 2;
