"""A first proposal, one question a page: what it is, whom it concerns, what was tried, what to do, who could."""
