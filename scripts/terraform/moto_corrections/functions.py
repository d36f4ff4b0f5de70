"""Lambda."""

from moto.awslambda import models as awslambda

from .replaces import replaces


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
