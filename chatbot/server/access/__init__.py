"""Who asks, whether they may, and how much they have used."""
