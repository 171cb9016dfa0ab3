"""The charter as people see it: what is agreed, who holds which post, how the duties were met; and how to change it."""
