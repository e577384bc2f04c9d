from django.urls import path

from croqualim.accounts.views import account, cards, codes, second_factor, staff

app_name = "accounts"
urlpatterns = [
    path("", account.account, name="account"),
    path("entrer/", codes.sign_in, name="sign_in"),
    path("code/", codes.enter_code, name="enter_code"),
    path("qui/", codes.choose_person, name="choose_person"),
    path("carte/<str:secret>/", cards.enter_by_card, name="enter_by_card"),
    path("sortir/", account.sign_out, name="sign_out"),
    path("sortir/partout/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("nom/", account.change_names, name="change_names"),
    path("telephone/", account.change_phone, name="change_phone"),
    path("e-mail/", account.change_email, name="change_email"),
    path("confirmer/", account.confirm_address, name="confirm_address"),
    path("foyer/", account.add_to_household, name="add_to_household"),
    path("carte-perdue/", account.lose_card, name="lose_card"),
    path("equipe/", staff.staff_sign_in, name="staff_sign_in"),
    path("mot-de-passe/", staff.change_password, name="change_password"),
    path("mot-de-passe/oublie/", staff.forgotten_password, name="forgotten_password"),
    path(
        "mot-de-passe/<int:person_id>/<str:token>/", staff.choose_password, name="choose_password"
    ),
    path("second-facteur/", second_factor.second_factor, name="second_factor"),
    path(
        "second-facteur/installer/",
        second_factor.install_second_factor,
        name="install_second_factor",
    ),
    path(
        "second-facteur/commencer/", second_factor.begin_second_factor, name="begin_second_factor"
    ),
    path("second-facteur/secours/", second_factor.recovery_codes, name="recovery_codes"),
]
