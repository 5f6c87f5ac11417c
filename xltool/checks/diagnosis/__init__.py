"""What is likely wrong where checks fail: root causes, suspect cells, kinds of slips."""
