"""The data document: its text (JSON, YAML), its check against the shapes of an edition, its JSON Schema."""
