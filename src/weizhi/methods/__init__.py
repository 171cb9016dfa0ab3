"""How things are counted, divided and matched: pure functions, exact where a result must be defended.

No Django, no clock, no hidden chance: seeds and the order that breaks ties are arguments and stand in the result.
"""
