"""API Gateway."""

import json

from moto.apigateway import models as apigateway
from moto.apigateway import responses as apigateway_responses

from .replaces import replaces


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
