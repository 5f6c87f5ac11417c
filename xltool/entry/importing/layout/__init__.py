"""How a sheet is laid out: its blocks, their lines of heads, what each column is, what the lines over them say."""
