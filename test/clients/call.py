"""Assumes a role at the given endpoint with botocore and calls an API as it: endpoint, role, external id, URL and region
as arguments, credentials in the environment. Prints status and body of the call, and who STS says the caller is."""

import json
import sys

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

endpoint, role, external_id, url, region = sys.argv[1:6]
session = botocore.session.get_session()
sts = session.create_client("sts", region_name=region, endpoint_url=endpoint)
given = sts.assume_role(RoleArn=role, RoleSessionName="botocore", ExternalId=external_id)["Credentials"]
credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
request = AWSRequest(method="GET", url=url)
SigV4Auth(credentials, "execute-api", region).add_auth(request)
answer = URLLib3Session().send(request.prepare())
json.dump({"status": answer.status_code, "body": json.loads(answer.text)}, sys.stdout)
