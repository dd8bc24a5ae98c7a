class FrozenAsWagtails:
    """Stands in migrations as the block of Wagtail's that it extends: what it adds may
    change or move without one."""

    WAGTAILS: str

    def deconstruct(self):
        _path, *arguments = super().deconstruct()
        return (self.WAGTAILS, *arguments)

    def deconstruct_with_lookup(self, lookup):
        _path, *arguments = super().deconstruct_with_lookup(lookup)
        return (self.WAGTAILS, *arguments)
