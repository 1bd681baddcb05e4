"""The main job on the local cloud while its functions' processes are killed, at 6 and at 20 % of all invocations."""

from __future__ import annotations

import pytest

RUNS = 3
FUNCTIONS = "kempelen-dev-*"


@pytest.mark.long
@pytest.mark.parametrize("share", [0.06, 0.2])
def test_every_run_completes_and_publishes_once_though_functions_are_killed(deployed, tmp_path, share):
    for number in range(RUNS):
        dataset = f"dying-{share * 100:.0f}-{number}"
        job = deployed.upload(dataset, tmp_path / dataset, count=4, open_mouths=2)
        kill = {"operation": "Invoke", "name": FUNCTIONS, "reason": "killed", "count": 10_000, "share": share}
        deployed.cloud.plan_outcomes(
            [{**kill, "share": share / 2, "delay": 0.05 * number}, {**kill, "share": share / 2, "delay": 0.2}]
        )
        try:
            with deployed.labeling(job):
                arn = deployed.executions.start(
                    deployed.outputs["PipelineStateMachineArn"],
                    dataset,
                    deployed.pipeline_input(dataset, run_id=dataset),
                )
                output = deployed.executions.wait(arn)
        finally:
            deployed.cloud.plan_outcomes([])
        assert output["augment"]["outcome"] == "published"
        assert output["label"]["counts"]["labeled"] == 4
        pages = deployed.clients.s3.get_paginator("list_objects_v2").paginate(
            Bucket=deployed.bucket, Prefix=f"datasets/{dataset}/"
        )
        keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        assert len([key for key in keys if key.endswith("/_SUCCESS")]) == 1
