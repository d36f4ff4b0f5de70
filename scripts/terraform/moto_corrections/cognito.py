"""Cognito user pools."""

from moto.cognitoidp import models as cognitoidp
from moto.cognitoidp import responses as cognitoidp_responses
from moto.core.responses import ActionResult, EmptyResult

from .replaces import replaces

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
