"""moto's server, with the answers corrected in which it differs from AWS for what this project deploys.

usage: MOTO_HOME_ACCOUNT=111111111111 python3 moto_server.py -H 127.0.0.1 -p PORT

Every correction names what AWS does and what Terraform does without it. It leans on moto's internals, so any other
version than the one it was written for is refused.
"""

import functools
import json
import os
import sys

import moto
from moto.apigateway import models as apigateway
from moto.apigateway import responses as apigateway_responses
from moto.awslambda import models as awslambda
from moto.cognitoidp import models as cognitoidp
from moto.cognitoidp import responses as cognitoidp_responses
from moto.core.responses import ActionResult, EmptyResult
from moto.iam import models as iam
from moto.s3 import models as s3

WRITTEN_FOR = "5.2.1"


def replaces(owner, name):
    """Puts a function in the place of `owner.name`; the function gets the original as its first argument."""

    def decorate(function):
        original = getattr(owner, name, None)

        @functools.wraps(function)
        def replacement(*args, **kwargs):
            return function(original, *args, **kwargs)

        setattr(owner, name, replacement)
        return function

    return decorate


# --- Accounts ---------------------------------------------------------------------------------------------------

# The account that keys belong to which moto did not give out itself. (moto's own MOTO_ACCOUNT_ID would also hold for
# assumed roles, and so make one account of all.)
iam.DEFAULT_ACCOUNT_ID = os.environ.get("MOTO_HOME_ACCOUNT", iam.DEFAULT_ACCOUNT_ID)


# --- API Gateway ------------------------------------------------------------------------------------------------


@replaces(apigateway.RestAPI, "to_dict")
def escaped_policy(original, api):
    """AWS answers `policy` as JSON text with its quotes escaped once more; the provider cannot read it otherwise."""
    answer = original(api)
    if isinstance(answer.get("policy"), str):
        answer["policy"] = json.dumps(answer["policy"])[1:-1]
    return answer


@replaces(apigateway.RestAPI, "apply_patch_operations")
def patch_rest_api(original, api, operations):
    """moto ignores changes of the compression size and reads every text as true."""
    original(api, operations)
    for operation in operations:
        if operation["path"] == "/minimumCompressionSize":
            value = operation.get("value")
            api.minimum_compression_size = int(value) if value not in (None, "") else None
        if operation["path"] == "/disableExecuteApiEndpoint":
            api.disableExecuteApiEndpoint = str(operation.get("value")).lower() == "true"


@replaces(apigateway.RestAPI, "create_deployment")
def create_deployment(original, api, *args, **kwargs):
    """A deployment is a snapshot; moto's holds nothing."""
    deployment = original(api, *args, **kwargs)
    deployment.policy = api.policy
    return deployment


@replaces(apigateway_responses.APIGatewayResponse, "get_export")
def get_export(original, response):
    """moto exports the API as it is configured, without its policy. AWS exports what the stage's deployment holds; that
    the policy is part of it is not confirmed."""
    status, headers, body = original(response)
    _, _, api_id, _, stage = response.path.split("/")[:5]
    api = response.backend.get_rest_api(api_id)
    policy = api.deployments[api.stages[stage].deployment_id].policy
    if not policy:
        return status, headers, body
    return status, headers, json.dumps({**json.loads(body), "x-amazon-apigateway-policy": json.loads(policy)})


@replaces(apigateway_responses.APIGatewayResponse, "create_rest_api")
def create_rest_api(original, response):
    """moto drops `binaryMediaTypes` of CreateRestApi: a difference at every plan."""
    answer = original(response)
    media_types = response._get_param("binaryMediaTypes")
    if media_types and answer[0] == 200:
        api = response.backend.get_rest_api(json.loads(answer[2])["id"])
        api.binaryMediaTypes = media_types
        return answer[0], answer[1], json.dumps(api.to_dict())
    return answer


@replaces(apigateway.Authorizer, "__init__")
def authorizer(original, self, *args, **kwargs):
    """moto loses the validation expression between two spellings of its name."""
    if "identiy_validation_expression" in kwargs:
        kwargs["identity_validation_expression"] = kwargs["identiy_validation_expression"]
    original(self, *args, **kwargs)


def boolean(value):
    return str(value).lower() == "true"


def apply_patch(target, operations, fields, maps=None, lists=None):
    """JSON Patch as API Gateway uses it: plain fields, members of a map, members of a list."""
    maps, lists = maps or {}, lists or {}
    for operation in operations:
        head, _, tail = operation["path"].strip("/").partition("/")
        tail = tail.replace("~1", "/").replace("~0", "~")
        value, removes = operation.get("value"), operation["op"] == "remove"
        if head in lists:
            member = value if value is not None else tail
            others = [item for item in getattr(target, lists[head]) or [] if item != member]
            setattr(target, lists[head], (others if removes else [*others, member]) or None)
        elif head in maps and tail:
            name, convert = maps[head]
            members = dict(getattr(target, name) or {})
            if removes:
                members.pop(tail, None)
            else:
                members[tail] = convert(value)
            setattr(target, name, members or None)
        elif head in fields:
            name, convert = fields[head]
            setattr(target, name, None if value in (None, "") else convert(value))


def method_of(response):
    _, _, api, _, resource, _, verb = response.path.split("/")[:7]
    return response.backend.get_method(api, resource, verb)


@replaces(apigateway_responses.APIGatewayResponse, "update_method")
def update_method(_missing, response):
    """UpdateMethod does not exist in moto: any change of a method fails."""
    method = method_of(response)
    fields = {
        "authorizationType": ("authorization_type", str),
        "authorizerId": ("authorizer_id", str),
        "apiKeyRequired": ("api_key_required", boolean),
        "requestValidatorId": ("request_validator_id", str),
        "operationName": ("operation_name", str),
    }
    maps = {"requestParameters": ("request_parameters", boolean), "requestModels": ("request_models", str)}
    apply_patch(method, response._get_param("patchOperations"), fields, maps, {"authorizationScopes": "authorization_scopes"})
    return json.dumps(method.to_json())


@replaces(apigateway_responses.APIGatewayResponse, "update_integration")
def update_integration(_missing, response):
    """UpdateIntegration does not exist in moto."""
    integration = method_of(response).method_integration
    fields = {
        "uri": ("uri", str),
        "timeoutInMillis": ("timeout_in_millis", int),
        "passthroughBehavior": ("passthrough_behaviour", str),
        "credentials": ("credentials", str),
        "contentHandling": ("content_handling", str),
        "httpMethod": ("http_method", str),
    }
    maps = {"requestTemplates": ("request_templates", str), "requestParameters": ("request_parameters", str)}
    apply_patch(integration, response._get_param("patchOperations"), fields, maps)
    return json.dumps(integration.to_json())


@replaces(apigateway_responses.APIGatewayResponse, "update_model")
def update_model(_missing, response):
    """UpdateModel does not exist in moto."""
    _, _, api, _, name = response.path.split("/")[:5]
    model = response.backend.get_rest_api(api).models[name]
    fields = {"schema": ("schema", str), "description": ("description", str)}
    apply_patch(model, response._get_param("patchOperations"), fields)
    return json.dumps(model.to_json())


# --- Cognito ----------------------------------------------------------------------------------------------------

CREATE_ONLY = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration", "UserPoolTags")


@replaces(cognitoidp.CognitoIdpUserPool, "update_extended_config")
def keep_create_only_settings(original, pool, config):
    """UpdateUserPool cannot change these; moto forgets them, and Terraform then replaces the pool with all its users.
    AWS also gives every pool a tier."""
    before = getattr(pool, "extended_config", None) or {}
    kept = {key: before[key] for key in CREATE_ONLY if key in before}
    original(pool, {"UserPoolTier": "ESSENTIALS", **kept, **config})


@replaces(cognitoidp_responses.CognitoIdpResponse, "update_resource_server")
def update_resource_server(_missing, response):
    """UpdateResourceServer does not exist in moto."""
    pool = response.backend.describe_user_pool(response._get_param("UserPoolId"))
    server = pool.resource_servers[response._get_param("Identifier")]
    server.name, server.scopes = response._get_param("Name"), response._get_param("Scopes")
    return ActionResult({"ResourceServer": server.to_json()})


@replaces(cognitoidp_responses.CognitoIdpResponse, "delete_resource_server")
def delete_resource_server(_missing, response):
    """DeleteResourceServer does not exist in moto: `terraform destroy` retries for ten minutes."""
    pool = response.backend.describe_user_pool(response._get_param("UserPoolId"))
    pool.resource_servers.pop(response._get_param("Identifier"))
    return EmptyResult()


def tagged_pool(response):
    arn = response._get_param("ResourceArn")
    return next(pool for pool in response.backend.user_pools.values() if pool.arn == arn)


@replaces(cognitoidp_responses.CognitoIdpResponse, "tag_resource")
def tag_resource(_missing, response):
    pool = tagged_pool(response)
    tags = pool.extended_config.get("UserPoolTags") or {}
    pool.extended_config["UserPoolTags"] = {**tags, **response._get_param("Tags")}
    return EmptyResult()


@replaces(cognitoidp_responses.CognitoIdpResponse, "untag_resource")
def untag_resource(_missing, response):
    pool, gone = tagged_pool(response), response._get_param("TagKeys")
    tags = pool.extended_config.get("UserPoolTags") or {}
    pool.extended_config["UserPoolTags"] = {key: value for key, value in tags.items() if key not in gone}
    return EmptyResult()


# --- Lambda -----------------------------------------------------------------------------------------------------


@replaces(awslambda.LambdaFunction, "__init__")
def create_function(original, function, *args, **kwargs):
    """moto does not store the logging configuration, the key and the dead-letter queue: differences at every plan."""
    original(function, *args, **kwargs)
    spec = kwargs.get("spec") or next(argument for argument in args if isinstance(argument, dict))
    function.unstored = {key: spec[key] for key in ("LoggingConfig", "KMSKeyArn", "DeadLetterConfig") if key in spec}


@replaces(awslambda.LambdaFunction, "update_configuration")
def update_function(original, function, updates):
    function.unstored.update({key: updates[key] for key in ("LoggingConfig", "KMSKeyArn", "DeadLetterConfig") if key in updates})
    return original(function, updates)


@replaces(awslambda.LambdaFunction, "get_configuration")
def describe_function(original, function, on_create=False):
    default = {"LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"}}
    return {**original(function, on_create), **default, **getattr(function, "unstored", {})}


# --- S3 ---------------------------------------------------------------------------------------------------------


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


if __name__ == "__main__":
    if moto.__version__ != WRITTEN_FOR:
        sys.exit(f"moto {moto.__version__} is installed; these corrections were written for moto {WRITTEN_FOR}: pip install 'moto[server]=={WRITTEN_FOR}'")
    from moto.server import main

    main(sys.argv[1:])
