"""The routes of the page, by what they are about."""
