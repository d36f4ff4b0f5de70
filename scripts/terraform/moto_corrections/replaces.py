import functools


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
