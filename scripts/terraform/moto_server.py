"""moto's server, with the answers corrected in which it differs from AWS for what this project deploys.

usage: MOTO_HOME_ACCOUNT=111111111111 python3 moto_server.py -H 127.0.0.1 -p PORT

Every correction (`moto_corrections/`) names what AWS does and what Terraform does without it. They lean on moto's
internals, so any other version than the one they were written for is refused.
"""

import sys

import moto

WRITTEN_FOR = "5.2.1"

if __name__ == "__main__":
    if moto.__version__ != WRITTEN_FOR:
        sys.exit(
            f"moto {moto.__version__} is installed; these corrections were written for moto {WRITTEN_FOR}: "
            f"pip install 'moto[server]=={WRITTEN_FOR}'"
        )
    from moto.server import main
    from moto_corrections import accounts, api_gateway, cognito, functions, s3  # noqa: F401

    main(sys.argv[1:])
