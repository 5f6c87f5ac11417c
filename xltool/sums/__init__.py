"""汇总: the units of a department added up to the department's report, and a department's book checked against it."""
