"""The four registers of a community besides its matters: registry, people, ledger, charter."""

from weizhi.places.models import Community
from weizhi.record.actions.append import lock
from weizhi.record.leaves import new_salt
from weizhi.record.models import Stream

REGISTERS = ("registry", "people", "ledger", "charter")


def open_registers(community: Community) -> None:
    Stream.objects.bulk_create([Stream(community=community, kind=kind, salt=new_salt()) for kind in REGISTERS])


def lock_register(community: Community, kind: str) -> Stream:
    """The community's register, locked. Inside a transaction."""
    found = Stream.objects.values_list("pk", flat=True).get(community=community, kind=kind)
    return lock([found])[found]
