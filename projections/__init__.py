"""Read models: what the record comes to, kept ready for the questions people ask. Any of them can be built anew."""
