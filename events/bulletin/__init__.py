"""通报: a bulletin as a document with a life of its own."""
