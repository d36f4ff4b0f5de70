"""Prints the headers with which botocore signs one request: url, method and region as arguments, credentials as
`portcullis credentials` prints them on standard input."""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, method, region = sys.argv[1:4]
given = json.load(sys.stdin)
credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
request = AWSRequest(method=method, url=url)
SigV4Auth(credentials, "execute-api", region).add_auth(request)
json.dump(dict(request.headers.items()), sys.stdout)
