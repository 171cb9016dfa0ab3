"""Text messages of a request: through the house's port, without waiting for it."""

import logging
import threading

from django.conf import settings

from weizhi.record.text_messages import post

log = logging.getLogger(__name__)


def send(number: str, words: str) -> None:
    """Send one text message; returns at once.

    The gateway is not waited for: an answer that takes longer for numbers that are known would tell which ones are.
    """
    if settings.SMS == "webhook":
        threading.Thread(target=_post, args=(number, words), daemon=True).start()
    else:
        post(number, words)


def _post(number: str, words: str) -> None:
    try:
        post(number, words)
        log.info("A text message went out")
    except OSError:
        # Neither the number nor the words: logs outlive messages.
        log.exception("The gateway for text messages did not take one")
