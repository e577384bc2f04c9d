from django.urls import path

from croqualim.groupbuy.views import collectives, exports, joining, members

urlpatterns = [
    path("", joining.groups, name="groups"),
    path("adhesions/<int:membership_id>/", joining.membership, name="membership"),
    path("adhesions/<int:membership_id>/bienvenue/", joining.welcome, name="welcome"),
    path("adhesions/<int:membership_id>/part/", joining.share, name="share"),
    path("adhesions/<int:membership_id>/quitter/", joining.leave, name="leave"),
    path("n/<int:membership_id>/", joining.scan_membership, name="scan_membership"),
    path("collectifs/nouveau/", collectives.found_collective, name="found_collective"),
    path("collectifs/<int:collective_id>/", collectives.collective, name="collective"),
    path(
        "collectifs/<int:collective_id>/reglages/",
        collectives.collective_settings,
        name="collective_settings",
    ),
    path("collectifs/<int:collective_id>/groupes/", collectives.add_group, name="add_group"),
    path("groupes/<int:group_id>/modifier/", collectives.edit_group, name="edit_group"),
    path("collectifs/<int:collective_id>/parts/", collectives.shares, name="shares"),
    path(
        "collectifs/<int:collective_id>/parts/<int:share_percent>/fermer/",
        collectives.close_share,
        name="close_share",
    ),
    path(
        "collectifs/<int:collective_id>/enveloppes/",
        collectives.new_envelope,
        name="new_envelope",
    ),
    path(
        "collectifs/<int:collective_id>/enveloppes/<int:envelope_id>/",
        collectives.top_up_envelope,
        name="top_up_envelope",
    ),
    path(
        "collectifs/<int:collective_id>/tableaux/<slug:name>.<str:suffix>",
        exports.collective_table,
        name="collective_table",
    ),
    path("collectifs/<int:collective_id>/adherents/", members.members, name="members"),
    path(
        "collectifs/<int:collective_id>/adherents/nouveau/", members.add_member, name="add_member"
    ),
    path("adherents/<int:membership_id>/", members.member, name="member"),
    path("adherents/<int:membership_id>/foyer/", members.add_person, name="add_person"),
    path(
        "adherents/<int:membership_id>/cartes/<int:person_id>/",
        members.print_card,
        name="print_card",
    ),
    path(
        "adherents/<int:membership_id>/cartes/<int:person_id>/retirer/",
        members.revoke_card,
        name="revoke_card",
    ),
    path("adherents/<int:membership_id>/renouveler/", members.renew_year, name="renew_year"),
    path("adherents/<int:membership_id>/terminer/", members.end_membership, name="end_membership"),
    # last: a group's own name
    path("<slug:slug>/", joining.group, name="group"),
    path("<slug:slug>/rejoindre/", joining.join, name="join"),
    path("<slug:slug>/rejoindre/confirmer/", joining.confirm_join, name="confirm_join"),
]
