"""A model's text on its way out: markers resolved, claims found, however the stream is cut."""
