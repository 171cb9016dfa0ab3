"""Where is it? Whatever is not among the recent places: by typing, from the list, on the drawn map."""
