from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files whose ES modules import each other by hash."""

    support_js_module_import_aggregation = True
    manifest_strict = False
