"""decisions (表决): rolls, votes in sealed envelopes over every channel, elections, results that anybody recounts."""
