from __future__ import annotations

import pytest
from sagemaker.core import image_uris

from stacks.processing_image import VERSION, UnknownRegionError, processing_image, regions


@pytest.mark.parametrize("region", regions())
def test_the_table_agrees_with_the_sagemaker_sdk(region: str) -> None:
    official = image_uris.retrieve("sklearn", region, version=VERSION, instance_type="ml.m5.xlarge")
    assert processing_image(region) == official


def test_the_table_knows_every_region_of_the_sdk() -> None:
    config = image_uris.config_for_framework("sklearn")
    versions = config.get("training", config)["versions"]
    assert set(regions()) == set(versions[VERSION]["registries"])


def test_a_region_without_the_image_is_refused_with_those_that_have_it() -> None:
    with pytest.raises(UnknownRegionError, match=r"mars-north-1.*us-east-1"):
        processing_image("mars-north-1")
