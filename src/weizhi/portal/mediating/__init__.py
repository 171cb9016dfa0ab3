"""A mediation as its people see it: come or not, book a time, sign; and the mediator's day."""
