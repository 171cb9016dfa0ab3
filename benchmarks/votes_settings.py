"""The server's own settings, with one more address beside its own: a view that inserts one row."""

from weizhi.site.settings import *  # noqa: F403  # all of them

ROOT_URLCONF = "benchmarks.votes_urls"
