"""Who stands for election: names put forward, joined in, accepted, declined, struck off."""
