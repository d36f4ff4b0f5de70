"""Signs a batch of requests with botocore: a list of JSON objects in, the same with what goes on the wire out."""

import base64
import json
import sys
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def sign(case):
    credentials = Credentials(case["accessKeyId"], case["secretAccessKey"], case.get("sessionToken"))
    query = "?" + case["query"] if case["query"] else ""
    request = AWSRequest(
        method=case["method"],
        url="https://" + case["host"] + case["path"] + query,
        data=case["body"].encode(),
    )
    for name, value in case["headers"]:
        request.headers[name] = value
    request.headers["Host"] = case["host"]
    signer = SigV4QueryAuth if case["form"] == "query" else SigV4Auth
    signer(credentials, "execute-api", "eu-central-1").add_auth(request)
    signed = urlsplit(request.url)
    return {
        "method": request.method,
        "rawPath": signed.path,
        "rawQuery": signed.query,
        "headers": list(request.headers.items()),
        "body": base64.b64encode(request.data or b"").decode(),
    }


json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)
