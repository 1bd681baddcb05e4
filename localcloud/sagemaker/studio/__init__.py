"""SageMaker Studio: domains, user profiles, spaces and apps, with what they leave in the VPC."""

from __future__ import annotations

from localcloud.network import vpc
from localcloud.sagemaker.studio import apps, domains, profiles, spaces

__all__ = ["apps", "domains", "profiles", "spaces"]

vpc.install()
