"""CloudFormation's functions in what policies say, resolved to text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from localcloud.iam.deployment import Deployment
from scripts.iam_proof.physical import attribute

Templates = Mapping[str, Mapping[str, Any]]
"""By the stack's name."""

_HASHED = re.compile(r"^(\w+?)[0-9A-F]{8}$")
_ARN = re.compile(r"^arn:[^:]+:([\w-]+):[^:]*:[^:]*:")
_ASSET = re.compile(r"[0-9a-f]{64}\.zip")


class UnresolvableError(Exception):
    """What a template says that this does not read."""


class Names(Protocol):
    """What stands for a resource, its attribute, and a pseudo parameter."""

    def ref(self, stack: str, logical: str, /) -> str: ...

    def attribute(self, stack: str, logical: str, name: str, /) -> str: ...

    def pseudo(self, name: str, stack: str, /) -> str: ...


@dataclass(frozen=True)
class Resolver:
    """Reads values of any of the stacks; exports are followed to the stack that has them."""

    templates: Templates
    names: Names

    def resolve(self, value: Any, stack: str) -> Any:
        """The same value without functions. Raises UnresolvableError."""
        if isinstance(value, list):
            return [self.resolve(one, stack) for one in value]
        if not isinstance(value, Mapping):
            return value
        ((name, given),) = value.items() if len(value) == 1 else (("", None),)
        if name == "Ref" or name.startswith("Fn::"):
            return self._function(name, given, stack)
        return {key: self.resolve(one, stack) for key, one in value.items()}

    def _function(self, name: str, given: Any, stack: str) -> Any:
        match name:
            case "Ref":
                return self._ref(given, stack)
            case "Fn::GetAtt":
                logical, attribute = given if isinstance(given, list) else given.split(".", 1)
                return self.names.attribute(stack, logical, attribute)
            case "Fn::Join":
                return given[0].join(self.resolve(given[1], stack))
            case "Fn::Sub":
                return self._substituted(given, stack)
            case "Fn::Select":
                return self.resolve(given[1], stack)[int(given[0])]
            case "Fn::Split":
                return self.resolve(given[1], stack).split(given[0])
            case "Fn::ImportValue":
                return self._imported(self.resolve(given, stack))
        raise UnresolvableError(f"{stack}: {name} in a policy; teach scripts/iam_proof/intrinsics.py to read it")

    def _ref(self, name: str, stack: str) -> str:
        return self.names.pseudo(name, stack) if name.startswith("AWS::") else self.names.ref(stack, name)

    def _substituted(self, given: Any, stack: str) -> str:
        form, named = (given, {}) if isinstance(given, str) else given

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in named:
                return str(self.resolve(named[name], stack))
            logical, _, attribute = name.partition(".")
            return self.names.attribute(stack, logical, attribute) if attribute else self._ref(name, stack)

        return re.sub(r"\$\{([^}!]+)\}", value, form)

    def _imported(self, name: str) -> Any:
        for stack, template in self.templates.items():
            for output in template.get("Outputs", {}).values():
                if "Export" in output and self.resolve(output["Export"]["Name"], stack) == name:
                    return self.resolve(output["Value"], stack)
        raise UnresolvableError(f"no stack exports {name}")


@dataclass(frozen=True)
class Physical:
    """Names of a deployment."""

    templates: Templates
    deployment: Deployment

    def ref(self, stack: str, logical: str) -> str:
        try:
            return self.deployment.stacks[stack][logical]
        except KeyError:
            raise UnresolvableError(f"the deployment has no {logical} in {stack}; record again") from None

    def attribute(self, stack: str, logical: str, name: str) -> str:
        given = self.deployment.attributes.get(stack, {}).get(f"{logical}.{name}")
        kind = self.templates[stack]["Resources"][logical]["Type"]
        return given or attribute(self.deployment, kind, name, self.ref(stack, logical))

    def pseudo(self, name: str, stack: str) -> str:
        known = {
            "AWS::AccountId": self.deployment.account,
            "AWS::Region": self.deployment.region,
            "AWS::Partition": self.deployment.partition,
            "AWS::StackName": stack,
            "AWS::StackId": self._stack_id(stack),
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name not in known:
            raise UnresolvableError(f"{name} in a policy; teach scripts/iam_proof/intrinsics.py to read it")
        return known[name]

    def _stack_id(self, stack: str) -> str:
        """As it was recorded; kept recordings have none, and one that no other stack has."""
        here = f"{self.deployment.region}:{self.deployment.account}:stack/{stack}"
        made_up = f"arn:{self.deployment.partition}:cloudformation:{here}/00000000-0000-0000-0000-000000000000"
        return self.deployment.stacks.get(stack, {}).get("AWS::StackId", made_up)


class Plain:
    """Names as people read them, and docs/permissions.md writes them: logical ids without CDK's hashes."""

    def ref(self, _stack: str, logical: str) -> str:
        found = _HASHED.match(logical)
        return found[1] if found else logical

    def attribute(self, stack: str, logical: str, _name: str) -> str:
        return self.ref(stack, logical)

    def pseudo(self, name: str, _stack: str) -> str:
        return name.replace("AWS::", "<") + ">"  # no colon, by which ARNs are read


def short(resource: str) -> str:
    """Of an ARN the service and the end; of a file among CDK's assets that it is one."""
    return _ASSET.sub("<asset>.zip", _ARN.sub(r"\1:", resource)).replace("<AccountId>", "${AWS::AccountId}")
