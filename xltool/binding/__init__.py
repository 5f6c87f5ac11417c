"""How a mapping binds a template: whether it fits cell by cell, and a picture of it."""
