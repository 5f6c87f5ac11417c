"""The words of official tables: read from files, compared with what a sheet prints."""
