"""Forms of one's own: their bindings checked and drawn. Stands above reading, filling and rules."""
