"""Settings of accounts: django-allauth, its second factors, and who is locked out.

Shoppers log in by e-mail; those who work here may also type their user name.
"""

ACCOUNT_ADAPTER = "home.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_BLACKLIST = ["admin", "root", "staff"]
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# Wrong passwords are counted by django-axes, in the database: allauth counts in Redis,
# and would let nobody in while that is gone.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
# Django's own validators say what a password needs.
ACCOUNT_PASSWORD_MIN_LENGTH = None
ACCOUNT_FORMS = {
    "add_email": "home.accounts.forms.AddEmailForm",
    "change_password": "home.accounts.forms.ChangePasswordForm",
    "login": "home.accounts.forms.LoginForm",
    "reauthenticate": "home.accounts.forms.ReauthenticateForm",
    "reset_password": "home.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "home.accounts.forms.ResetPasswordKeyForm",
    "set_password": "home.accounts.forms.SetPasswordForm",
    "signup": "home.accounts.forms.SignupForm",
}

MFA_ADAPTER = "home.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A clock that is half a minute wrong is no burglar.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "home.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "home.accounts.forms.AddWebAuthnForm",
    "authenticate": "home.accounts.forms.AuthenticateForm",
    "edit_webauthn": "home.accounts.forms.EditWebAuthnForm",
    "reauthenticate": "home.accounts.forms.SecondFactorAgainForm",
}

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
# One door for everyone, with its second factor: Wagtail's own stays shut.
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_USERNAME_CALLABLE = "home.accounts.lockout.name_typed"
AXES_CLIENT_IP_CALLABLE = "home.visitor.address"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
# Where somebody is logged in, they see and end themselves (usersessions).
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

# What each room knows of a person, for whoever asks or leaves (home.accounts.person).
PERSONAL_DATA = [
    "home.accounts.own_data",
    "checkout.customers.own_data",
    "wishlist.own_data",
]
