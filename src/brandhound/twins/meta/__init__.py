"""A Meta on loopback that speaks like the Graph and the Marketing API: people, accounts and numbers are made up.

with serve_meta() as twin:
    twin.consents("accept")
    ... open twin.url/v26.0/dialog/oauth, ask twin.url/v26.0/me/adaccounts with twin.system_user_token ...
"""

from brandhound.twins.meta.granting import APP_ID, APP_SECRET, CONFIG_ID, USER_CONFIG_ID
from brandhound.twins.meta.serving import MetaTwin, serve_meta

__all__ = ["APP_ID", "APP_SECRET", "CONFIG_ID", "USER_CONFIG_ID", "MetaTwin", "serve_meta"]
