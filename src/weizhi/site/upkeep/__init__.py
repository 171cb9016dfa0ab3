"""What whoever runs the server does now and then: look for faults, back up, restore, move a community."""
