"""The mutation benchmark: slips of clerks put into right workbooks, and what `validate` says of them."""
