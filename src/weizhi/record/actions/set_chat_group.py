"""Let a body's chat group take notices. The address is a secret (who has it can write there): kept encrypted."""

from datetime import datetime

from django.db import transaction

from weizhi.people.models import Body, Person
from weizhi.people.vault import put_webhook
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def set_chat_group(body: Body, address: str, *, by: Person | None = None, at: datetime | None = None) -> None:
    """Set the group's address as apprise writes it (`wecombot://…`, `dingtalk://…`); "" takes it away."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(body.community, "registry")
        append(register, "set-chat-group", Deed(at=now, actor=by, public={"body": body.key, "set": bool(address)}))
        put_webhook(body, address)
        body.save(update_fields=["webhook_cipher"])
