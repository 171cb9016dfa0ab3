"""What people write: hide what is personal, find it again, suggest where it belongs, see what was said before.

Everything here suggests; a person decides. Works offline, on the processor, with the community's own messages.
"""
