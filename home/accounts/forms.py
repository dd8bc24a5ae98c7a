"""Forms of accounts, in the shop's look: a field's id is its name, and its hint and
error stand where ``components/field.html`` prints them."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from home.forms import FieldAtPlace


class Dressed:
    bound_field_class: type[forms.BoundField] | None = FieldAtPlace

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"


class LoginForm(Dressed, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""

    def user_credentials(self) -> dict:
        """One name, which is looked for among addresses and then among user names.
        Given both, a known address would be checked twice, and tell itself by that."""
        typed = self.cleaned_data
        return {"username": typed["login"], "password": typed["password"]}


class SignupForm(Dressed, account.SignupForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least eight characters.")

    def try_save(self, request):
        """An address that has an account takes as long as one that has none: a password
        is hashed for both."""
        if self.account_already_exists:
            get_user_model()().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AddEmailForm(Dressed, account.AddEmailForm):
    pass


class ChangePasswordForm(Dressed, account.ChangePasswordForm):
    pass


class SetPasswordForm(Dressed, account.SetPasswordForm):
    pass


class ResetPasswordForm(Dressed, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Dressed, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Dressed, account.ReauthenticateForm):
    pass


class AuthenticateForm(Dressed, second_factor.AuthenticateForm):
    pass


class SecondFactorAgainForm(Dressed, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(Dressed, totp.ActivateTOTPForm):
    pass


class AddWebAuthnForm(Dressed, passkeys.AddWebAuthnForm):
    pass


class EditWebAuthnForm(Dressed, passkeys.EditWebAuthnForm):
    pass
