from croqualim.groupbuy.models import Door, Group
from croqualim.groupbuy.rules.doors import Asked


def asked_by(group: Group) -> Asked:
    """What joining it asks for; nothing where nobody chose anything."""
    door = Door.objects.filter(group=group).first()
    return Asked(door.email_domain, door.invitation_code) if door else Asked()
