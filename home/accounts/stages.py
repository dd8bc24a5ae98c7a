from allauth.account.stages import EmailVerificationStage


class VerifyEmail(EmailVerificationStage):
    """Shoppers prove their address first. Whoever works here was let in by an
    administrator, who wrote that address down."""

    def handle(self):
        user = self.login.user
        if user is not None and user.has_perm("wagtailadmin.access_admin"):
            return None, True
        return super().handle()
