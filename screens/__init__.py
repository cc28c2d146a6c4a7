"""Everything a person sees; knows `wizard`, and nothing knows it."""
