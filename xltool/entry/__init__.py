"""The clerk's way: from one's own figures to a document that can be filled in."""
