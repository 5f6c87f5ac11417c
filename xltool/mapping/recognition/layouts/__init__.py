"""The shapes of tables: lists, labelled sides, panes of codes, one row of figures, cards of a 自评表."""
