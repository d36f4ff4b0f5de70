"""Accounts."""

import os

from moto.iam import models as iam

# The account that keys belong to which moto did not give out itself. (moto's own MOTO_ACCOUNT_ID would also hold for
# assumed roles, and so make one account of all.)
iam.DEFAULT_ACCOUNT_ID = os.environ.get("MOTO_HOME_ACCOUNT", iam.DEFAULT_ACCOUNT_ID)
