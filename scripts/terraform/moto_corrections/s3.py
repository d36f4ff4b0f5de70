"""S3."""

import json

from moto.s3 import models as s3

from .replaces import replaces


@replaces(s3.FakeBucket, "get_permission")
def bucket_permission(original, bucket, action, resource):
    """moto ignores conditions, so `Deny unless TLS` would deny everything, the state backend first of all."""
    stored = bucket.policy
    if not stored:
        return original(bucket, action, resource)
    document = json.loads(stored)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    unconditional = [item for item in statements if not (item["Effect"] == "Deny" and item.get("Condition"))]
    try:
        bucket.policy = json.dumps({**document, "Statement": unconditional}).encode()
        return original(bucket, action, resource)
    finally:
        bucket.policy = stored


@replaces(s3.FakeDeleteMarker, "dispose")
def dispose_delete_marker(_missing, _marker, garbage=False):
    """Emptying a versioned bucket meets delete markers, on which moto has no `dispose`."""
