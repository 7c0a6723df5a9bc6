"""开账: facts of the record itself, on the stream ``record``."""
